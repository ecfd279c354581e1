package javelin.core.ops;

import java.util.List;
import javelin.core.Lists;
import javelin.core.lowering.Routine;
import javelin.core.lowering.Scalar;
import javelin.core.lowering.Scalars;
import javelin.core.type.DType;

/**
 * Along every line, {@code out[0] = x[0], out[i] = combine(out[i - 1], x[i])}, or from the other end. Others may
 * compute it as if {@code combine} were associative, in any grouping.
 *
 * @param combine an expression of reads 0 (what came before) and 1 (the next element), of the type {@code type} is
 *                computed in; it is rounded when it is written
 */
public record Prefix(DType type, Lines lines, boolean reverse, Scalar combine) implements Routine {
    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        int length = lines.length(), step = reverse ? -lines.inner() : lines.inner();
        for (int n = 0; length > 0 && n < lines.count(); n++) {
            int at = lines.start(n) + (reverse ? (length - 1) * lines.inner() : 0);
            Number before = type.read(arrays[0], offsets[0] + at);
            type.write(arrays[1], offsets[1] + at, before);
            for (int i = 1; i < length; i++) {
                at += step;
                before = value(combine, List.of(before, type.read(arrays[0], offsets[0] + at)));
                type.write(arrays[1], offsets[1] + at, type.normalize(before));
            }
        }
    }

    private static Number value(Scalar s, List<Number> reads) {
        return switch (s) {
            case Scalar.Const(Number value, _) -> value;
            case Scalar.Read(int input, _, _) -> reads.get(input);
            case Scalar.Apply(var fn, DType to, var arguments) ->
                    Scalars.apply(fn, arguments.getFirst().type(), to, Lists.map(arguments, a -> value(a, reads)));
            case Scalar.Loop _ -> throw new IllegalStateException("a combination has no loops");
        };
    }
}
