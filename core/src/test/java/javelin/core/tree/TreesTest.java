package javelin.core.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javelin.core.Array;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

class TreesTest {
    private static final Tensor A = Array.f32(1), B = Array.f32(2, 3), C = Array.scalar(4f), D = Array.i32(5);

    record Dense(Tensor kernel, Tensor bias) {}

    record Mlp(List<Dense> layers, String activation) {}

    record Both<L, R>(L left, R right) {}

    record Settings(Tensor x, @Static List<Integer> sizes, @Static Tensor frozen, double rate) {}

    record Strict(Array x) {}

    enum Mode { TRAIN, TEST }

    @Test void recordsListsAndStaticsComeBackAsTheyWere() {
        var mlp = new Mlp(List.of(new Dense(A, B), new Dense(C, D)), "tanh");
        var flat = Trees.flatten(mlp);
        assertEquals(List.of(A, B, C, D), flat.leaves());
        assertEquals(List.of(".layers[0].kernel", ".layers[0].bias", ".layers[1].kernel", ".layers[1].bias"),
                flat.def().paths());
        assertEquals(mlp, Trees.unflatten(flat.def(), flat.leaves()));
        assertEquals("Mlp(layers=List(0=Dense(kernel=*, bias=*), 1=Dense(kernel=*, bias=*)), activation=tanh)",
                flat.def().toString());
    }

    @Test void aTensorIsATreeAndSoIsNothing() {
        assertEquals(List.of(A), Trees.leaves(A));
        assertEquals(List.of(""), Trees.flatten(A).def().paths());
        assertEquals(List.of(), Trees.leaves(List.of()));
        assertEquals(List.of(), Trees.leaves(Mode.TRAIN));
    }

    @Test void genericAndNestedRecordsKeepTheirParts() {
        var tree = new Both<>(new Both<>(A, Mode.TEST), Optional.of(new Both<>(List.of(B), 7)));
        var flat = Trees.flatten(tree);
        assertEquals(List.of(".left.left", ".right[0].left[0]"), flat.def().paths());
        assertEquals(tree, Trees.unflatten(flat.def(), flat.leaves()));
    }

    @Test void mapsAreOrderedByKeyWhateverTheirOwnOrder() {
        Map<String, Tensor> backwards = new LinkedHashMap<>();
        backwards.put("kernel", B);
        backwards.put("bias", A);
        var flat = Trees.flatten(backwards);
        assertEquals(List.of(A, B), flat.leaves());
        assertEquals(List.of("[bias]", "[kernel]"), flat.def().paths());
        Map<String, Tensor> back = Trees.unflatten(flat.def(), flat.leaves());
        assertEquals(backwards, back);
        assertEquals(List.of("bias", "kernel"), List.copyOf(back.keySet()));
        assertEquals(flat.def(), Trees.flatten(new TreeMap<>(backwards)).def());
        assertEquals(flat.def(), Trees.flatten(back).def());
        assertThrows(UnsupportedOperationException.class, () -> back.put("more", A));
    }

    @Test void mapsOfNumbersAreSortedAsNumbers() {
        assertEquals(List.of(A, B, C), Trees.leaves(Map.of(10, C, 2, B, -1, A)));
    }

    @Test void optionalsArraysAndNullsAreKept() {
        assertEquals(Optional.empty(), Trees.map(Optional.empty(), Tensor::neg));
        Tensor[] array = Trees.map(new Tensor[] {A, B}, Tensor::neg);
        assertArrayEquals(new double[] {-2, -3}, array[1].array().toDoubles());
        Object[] mixed = Trees.map(new Object[] {A, "name"}, Tensor::neg);
        assertEquals("name", mixed[1]);
        assertEquals(new Both<>(A, null), Trees.map(new Both<>(A, null), t -> t));
        assertEquals(Arrays.asList(null, A), Trees.map(Arrays.asList(null, A), t -> t));
    }

    @Test void staticComponentsAreNotData() {
        var settings = new Settings(A, List.of(1, 2), B, 0.5);
        assertEquals(List.of(A), Trees.leaves(settings));
        assertEquals(settings, Trees.map(settings, t -> t));
        assertNotEquals(Trees.flatten(settings).def(), Trees.flatten(new Settings(A, List.of(1, 3), B, 0.5)).def());
        assertNotEquals(Trees.flatten(settings).def(), Trees.flatten(new Settings(A, List.of(1, 2), B, 0.25)).def());
        assertEquals(Trees.flatten(settings).def(), Trees.flatten(new Settings(C, List.of(1, 2), B, 0.5)).def());
    }

    @Test void structuresDifferByClassSizeAndPresence() {
        List<Object> different = List.of(A, List.of(A), List.of(A, B), Optional.of(A), Optional.empty(), Map.of("a", A),
                Map.of("b", A), new Dense(A, B), new Both<>(A, B),
                new Tensor[] {A}, new Object[] {A}, "a");
        for (int i = 0; i < different.size(); i++)
            for (int j = 0; j < different.size(); j++)
                assertEquals(i == j, Trees.flatten(different.get(i)).def()
                        .equals(Trees.flatten(different.get(j)).def()), i + " and " + j);
    }

    @Test void readTakesOnlyTreesOfItsStructureAndWritesTheirTensors() {
        var trees = List.of(new Mlp(List.of(new Dense(A, B)), "tanh"), List.of(A), Optional.of(B),
                Map.of("x", A, "y", B), Optional.empty(), "static");
        for (Object tree : trees) {
            var flat = Trees.flatten(tree);
            Tensor[] leaves = new Tensor[flat.leaves().size() + 1];
            assertEquals(leaves.length, flat.def().read(tree, leaves, 1));
            assertEquals(flat.leaves(), Arrays.asList(leaves).subList(1, leaves.length));
            for (Object other : trees) if (other != tree) assertEquals(-1,
                    flat.def().read(other, new Tensor[9], 0));
        }
    }

    @Test void mapWithPathAndZipVisitTensorsInOrder() {
        var dense = new Dense(A, B);
        var named = new java.util.ArrayList<String>();
        Trees.mapWithPath(dense, (path, t) -> {
            named.add(path + " " + t.type());
            return t;
        });
        assertEquals(List.of(".kernel f32[1]", ".bias f32[2]"), named);
        assertEquals(2.0, Trees.zip(dense, dense, Tensor::add).kernel().array().toDoubles()[0]);
    }

    @Test void zippingDifferentTreesShowsBoth() {
        var e = assertThrows(TreeException.class, () -> Trees.zip((Object) List.of(A), List.of(A, B), (x, y) -> x));
        assertTrue(e.getMessage().startsWith(
                "zip: the trees differ in structure; the second must be as the first\n  expected List(0=*)\n"
                + "  found    List(0=*, 1=*)\n"), e.getMessage());
    }

    @Test void primitiveArraysAreRefusedWithTheirPlace() {
        var e = assertThrows(TreeException.class, () -> Trees.flatten(new Both<>(A, List.of(new double[3]))));
        assertTrue(e.getMessage().startsWith("a double[] at .right[0] is neither a tensor nor a plain value;"
                + " make a tensor of it with Array.f32"), e.getMessage());
    }

    @Test void keysThatCannotBeSortedAreRefused() {
        var e = assertThrows(TreeException.class, () -> Trees.flatten(Map.of("a", A, 1, B)));
        assertTrue(e.getMessage().startsWith("the keys of a map of tensors must be comparable with one another"),
                e.getMessage());
    }

    @Test void aComponentDeclaredAsArrayIsRefusedWhenItWouldHoldATracer() {
        assertInstanceOf(Strict.class, Trees.map(new Strict(Array.f32(1)), Tensor::neg));
        var e = assertThrows(TreeException.class,
                () -> javelin.Transforms.grad((Strict s) -> s.x().sum()).apply(new Strict(Array.f32(1))));
        assertTrue(e.getMessage().contains("components that hold tensors must be declared as Tensor, not as Array"),
                e.getMessage());
    }

    @Test void unflatteningWantsTheRightNumberOfTensors() {
        assertThrows(TreeException.class, () -> Trees.unflatten(Trees.flatten(List.of(A, B)).def(), List.of(A)));
        Dense same = Trees.unflatten(Trees.flatten(new Dense(A, B)).def(), List.of(C, D));
        assertSame(C, same.kernel());
    }
}
