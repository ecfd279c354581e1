package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.check.Grid;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The rows of the table for Fourier transforms. */
final class FourierCases {
    private FourierCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.F64, DType.F32)) for (boolean inverse : new boolean[] {false, true})
            for (int n : new int[] {0, 1, 2, 3, 4, 5, 6, 8, 12, 13, 17}) {
                TensorType x = n % 2 == 0 ? TensorType.of(t, 2, n) : TensorType.of(t, n);
                List<TensorType> types = List.of(x, x);
                List<Draws> domains = List.of(Draws.range(-1, 1), Draws.range(-1, 1));
                cases.add(new OpCase(new Fft(inverse), types, Draws.each(types, domains),
                        Optional.of(in -> List.of(direct(in, inverse, true), direct(in, inverse, false))),
                        OpCase.Tolerance.sum(Math.max(1, n), 2), OpCase.Modes.FORWARD_AND_REVERSE));
            }
        return cases;
    }

    /** One part of the sum as it is defined. */
    private static Grid direct(List<Grid> in, boolean inverse, boolean real) {
        List<Integer> sizes = in.getFirst().sizes();
        int n = sizes.getLast();
        return Grid.of(sizes, at -> {
            double sum = 0;
            for (int j = 0, k = at[at.length - 1]; j < n; j++) {
                double angle = (inverse ? 2 : -2) * Math.PI * ((long) j * k % n) / n;
                int[] from = at.clone();
                from[at.length - 1] = j;
                double re = in.get(0).at(from), im = in.get(1).at(from);
                sum += real ? re * Math.cos(angle) - im * Math.sin(angle) : re * Math.sin(angle) + im * Math.cos(angle);
            }
            return sum;
        });
    }
}
