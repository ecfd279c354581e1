package javelin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Einstein sums against loops over all letters. */
class EinsumTest {
    /** In {@code loops}, axes of an ellipsis are written as letters and 1 is an axis of size 1. */
    @ParameterizedTest @CsvSource(delimiter = '|', textBlock = """
            ij,jk->ik                 | ij,jk->ik
            ij,jk                     | ij,jk->ik
            ba                        | ba->ab
            ii->i                     | ii->i
            ii                        | ii->
            iij->j                    | iij->j
            bij,bjk->bik              | bij,bjk->bik
            ...ij,...jk->...ik        | xyij,xyjk->xyik
            ...ij,...jk->...ik        | xij,jk->xik
            i,j,k->ijk                | i,j,k->ijk
            ab,bc,cd,de->ae           | ab,bc,cd,de->ae
            ij->                      | ij->
            i,i->                     | i,i->
            b...i,b...i->b...         | bxi,b1i->bx
            ij,ij->ij                 | ij,1j->ij
            abc,cd,def,fa->be         | abc,cd,def,fa->be
            ik,jk,kl,lm,mn,no->ijo    | ik,jk,kl,lm,mn,no->ijo
            bhqd,bhkd->bhqk           | bhqd,bhkd->bhqk
            """)
    void agreesWithLoops(String equation, String loops) {
        String[] sides = loops.split("->", -1), inputs = sides[0].split(",");
        var sizes = new TreeMap<Character, Integer>();
        for (char c : loops.toCharArray()) if (Character.isLetter(c)) sizes.putIfAbsent(c, 2 + (c * 7) % 3);
        List<Tensor> tensors = new ArrayList<>();
        for (String axes : inputs) {
            TensorType type = TensorType.f64(axes.chars().map(c -> c == '1' ? 1 : sizes.get((char) c)).toArray());
            double[] numbers = new double[type.elements()];
            for (int i = 0; i < numbers.length; i++) numbers[i] = Math.sin(1.3 * i + tensors.size());
            tensors.add(Array.of(type, numbers));
        }
        Array found = Tensors.einsum(equation, tensors.toArray(Tensor[]::new)).array();
        double[] expected = new double[sides[1].chars().map(c -> sizes.get((char) c)).reduce(1, (a, b) -> a * b)];
        sum(new ArrayList<>(sizes.keySet()), sizes, new TreeMap<>(), inputs, tensors, sides[1], expected);
        assertEquals(sides[1].chars().mapToObj(c -> sizes.get((char) c)).toList(), found.shape().sizes());
        assertArrayEquals(expected, found.toDoubles(), 1e-11);
    }

    private static void sum(List<Character> open, TreeMap<Character, Integer> sizes, TreeMap<Character, Integer> at,
            String[] inputs, List<Tensor> tensors, String output, double[] total) {
        if (open.isEmpty()) {
            double product = 1;
            for (int i = 0; i < inputs.length; i++)
                product *= tensors.get(i).array().get(flat(inputs[i], sizes, at)).doubleValue();
            total[flat(output, sizes, at)] += product;
            return;
        }
        char c = open.getFirst();
        for (int i = 0; i < sizes.get(c); i++) {
            at.put(c, i);
            sum(open.subList(1, open.size()), sizes, at, inputs, tensors, output, total);
        }
    }

    private static int flat(String axes, TreeMap<Character, Integer> sizes, TreeMap<Character, Integer> at) {
        int flat = 0;
        for (char c : axes.toCharArray()) if (c != '1') flat = flat * sizes.get(c) + at.get(c);
        return flat;
    }

    @Test void theCheapestPairComesFirst() {
        // a row times two matrices: from the left no product has more than one row
        Tensor row = Tensor.zeros(TensorType.f32(1, 50)), matrix = Tensor.zeros(TensorType.f32(50, 50));
        String program = Transforms.explain((Tensor x) -> Tensors.einsum("ij,jk,kl->il", x, matrix, matrix), row);
        assertTrue(Arrays.stream(program.split("\n")).noneMatch(l -> l.contains("f32[50,50] = dot_general")), program);
    }

    @Test void whatDoesNotFitIsNamed() {
        Tensor x = Tensor.zeros(TensorType.f32(2, 3));
        for (String[] wrong : new String[][] {{"ij,jk->ik", "it names 2 tensors, and there are 1"},
                {"ijk->i", "has 2 axes and 3 letters"},
                {"ij->ix", "the output has an axis x"}, {"ii->i", "has size 3 where another axis of its letter has 2"},
                {"i1->i", "is not a row of letters"}, {"ij->ii", "an axis occurs twice in the output"}}) {
            String message = assertThrows(ShapeException.class, () -> Tensors.einsum(wrong[0], x)).getMessage();
            assertTrue(message.startsWith("einsum \"" + wrong[0] + "\"") && message.contains(wrong[1]), message);
        }
    }
}
