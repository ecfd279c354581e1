package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private static final Tensor KERNEL = Array.f32(new float[][] {{1, 2}, {3, 4}}), BIAS = Array.f32(5, 6), MEAN =
            Array.scalar(7f);
    private static final Variables TREE =
            Variables.of(Map.of("params/Dense_0/kernel", KERNEL, "params/Dense_0/bias", BIAS,
            "batch_stats/norm/mean", MEAN));

    @Test void findsTensorsAndSubtreesByPath() {
        assertSame(KERNEL, TREE.tensor("params/Dense_0/kernel"));
        assertSame(BIAS, TREE.params().at("Dense_0").tensor("bias"));
        assertEquals(Set.of("bias", "kernel"), TREE.at("params/Dense_0").names());
        assertTrue(TREE.has("params/Dense_0") && TREE.has("batch_stats/norm/mean"));
        assertFalse(TREE.has("params/Dense_1") || TREE.has("params/Dense_0/kernel/x"));
        assertEquals(7, TREE.elements());
    }

    @Test void printsShapesAsPythonDoes() {
        assertEquals("{batch_stats: {norm: {mean: ()}}, params: {Dense_0: {bias: (2,), kernel: (2, 2)}}}",
                TREE.shapes());
        assertEquals("{}", Variables.empty().params().shapes());
    }

    @Test void changesAreNewTrees() {
        Variables other = TREE.with("params/Dense_0/bias", MEAN).with("params/Dense_1/bias", BIAS);
        assertSame(BIAS, TREE.tensor("params/Dense_0/bias"));
        assertSame(MEAN, other.tensor("params/Dense_0/bias"));
        assertEquals("{Dense_0: {bias: (), kernel: (2, 2)}, Dense_1: {bias: (2,)}}", other.params().shapes());
        Variables merged = TREE.with(Variables.of(Map.of("batch_stats/norm/var", BIAS, "params/Dense_0/bias", MEAN)));
        assertEquals("{batch_stats: {norm: {mean: (), var: (2,)}}, params: {Dense_0: {bias: (), kernel: (2, 2)}}}",
                merged.shapes());
        assertEquals("{batch_stats: {norm: {mean: ()}}, params: {Dense_0: {bias: (2,)}}}",
                TREE.without("params/Dense_0/kernel").shapes());
        assertEquals("{params: {Dense_0: {bias: (2,), kernel: (2, 2)}}}", TREE.without("batch_stats").shapes());
        assertThrows(UnsupportedOperationException.class, () -> other.tree().remove("params"));
    }

    @Test void isATreeInTheOrderOfSortedNames() {
        assertEquals(List.of(MEAN, BIAS, KERNEL), Trees.leaves(TREE));
        Variables doubled = Trees.map(TREE, t -> t.mul(2));
        assertEquals(14, doubled.tensor("batch_stats/norm/mean").item());
        assertEquals(TREE.shapes(), doubled.shapes());
        var gradient = Transforms.grad((Variables v) -> v.tensor("Dense_0/bias").square().sum()).apply(TREE.params());
        assertEquals(10, gradient.tensor("Dense_0/bias").array().toDoubles()[0]);
        assertEquals(0, gradient.tensor("Dense_0/kernel").array().toDoubles()[3]);
    }

    /**
     * A tree that came out of a compiled function and one that was built by hand are one structure: one compilation.
     */
    @Test void rebuiltTreesCompileNothingAnew() {
        var f = Transforms.jit((Variables v) -> Trees.map(v, t -> t.add(1)));
        Variables twice = f.apply(f.apply(TREE));
        assertEquals(9, twice.tensor("batch_stats/norm/mean").item());
        assertEquals(1, f.stats().compilations());
    }

    @Test void mistakesAreExplained() {
        assertMessage("there is no 'Dense_O' in 'params'; it has Dense_0. Did you mean 'Dense_0'?", () ->
                TREE.tensor("params/Dense_O/bias"));
        assertMessage("there is no 'parms' in the tree of variables; it has batch_stats, params. "
                + "Did you mean 'params'?", () -> TREE.at("parms"));
        assertMessage("there is no 'xyz' in 'params/Dense_0'; it has bias, kernel.", () ->
                TREE.tensor("params/Dense_0/xyz"));
        assertMessage("'params/Dense_0' is a tree of variables, not a tensor; it has bias, kernel", () ->
                TREE.tensor("params/Dense_0"));
        assertMessage("'params/Dense_0/bias' is a tensor, not a tree of variables; use tensor(\"params/Dense_0/bias\")",
                () -> TREE.at("params/Dense_0/bias"));
        assertMessage("nothing can be put at params/Dense_0/bias/x: 'bias' is a tensor", () ->
                TREE.with("params/Dense_0/bias/x", BIAS));
    }

    private static void assertMessage(String expected, Runnable f) {
        assertEquals(expected, assertThrows(JavelinException.class, f::run).getMessage().lines().findFirst()
                .orElse(""));
    }
}
