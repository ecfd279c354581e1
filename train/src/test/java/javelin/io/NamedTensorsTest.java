package javelin.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import org.junit.jupiter.api.Test;

class NamedTensorsTest {
    @Test void namesAreComponentsKeysAndPlaces() {
        assertEquals(List.of("params/Dense_0/kernel", "params/scale", "layers/0/kernel", "layers/0/bias", "step"),
                List.copyOf(NamedTensors.of(Examples.model(0)).keySet()));
        assertEquals(List.of("tensor"), List.copyOf(NamedTensors.of(Array.f32(1)).keySet()));
        assertEquals(List.of("a.b/c", "a[0]"), List.copyOf(NamedTensors.of(Map.of("a.b", Map.of("c", Array.f32(1)),
                "a[0]", Array.f32(2))).keySet()));
        assertEquals("two tensors of the tree are named a/b; rename a key that has a slash in it",
                message(() -> NamedTensors.of(Map.of("a/b", Array.f32(1), "a", Map.of("b", Array.f32(1))))).lines()
                        .findFirst().orElseThrow());
    }

    @Test void restoringListsEverythingThatIsWrong() {
        Map<String, Tensor> template = Map.of("a", Array.f32(1), "b", Array.f32(1), "c", Array.f32(1, 2), "e",
                Array.i32(1));
        Map<String, Tensor> named = Map.of("a", Array.f32(3), "c", Array.f32(1), "d", Array.f32(1), "e", Array.f32(1));
        assertEquals("""
                the saved tensors do not fit the template:
                  missing     b f32[1]
                  unexpected  d f32[1]
                  differs     c is f32[1], the template's is f32[2]
                  differs     e is f32[1], the template's is i32[1]
                  what has only another name can be renamed: Map.of("old/name", "new/name"), for tensors and subtrees""",
                message(() -> NamedTensors.restore(template, named)).replaceFirst("\n  at .*", ""));
    }

    @Test void tensorsAndSubtreesAreRenamed() {
        Map<String, ?> template = Map.of("encoder", Map.of("kernel", Array.f32(0), "bias", Array.f32(0)), "x",
                Array.f32(0));
        Map<String, Tensor> named = Map.of("Dense_0/kernel", Array.f32(1), "Dense_0/b", Array.f32(2), "x",
                Array.f32(3));
        var restored = NamedTensors.of(NamedTensors.restore(template, named,
                Map.of("Dense_0", "encoder", "Dense_0/b", "encoder/bias")));
        assertEquals(1, restored.get("encoder/kernel").index(0).item());
        assertEquals(2, restored.get("encoder/bias").index(0).item());
        assertEquals(3, restored.get("x").index(0).item());
        assertEquals("two tensors are named x after renaming", message(() -> NamedTensors.restore(template, named,
                Map.of("Dense_0/b", "x"))).substring(0, 38));
    }

    private static String message(org.junit.jupiter.api.function.Executable run) {
        return assertThrows(TreeException.class, run).getMessage();
    }
}
