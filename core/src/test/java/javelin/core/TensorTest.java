package javelin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.Tensors;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** NumPy's conventions, which live in the methods of tensors. */
class TensorTest {
    private static final Tensor M = Array.f32(new float[][] {{1, 2, 3}, {4, 5, 6}});

    private static void assertIs(String expected, Tensor found) { assertEquals(expected, found.toString()); }

    @Test void shapesBroadcastFromTheirLastAxes() {
        assertIs("[[11.0 22.0 33.0]\n [14.0 25.0 36.0]] f32[2,3]", M.add(Array.f32(10, 20, 30)));
        assertIs("[[2.0 3.0 4.0]\n [6.0 7.0 8.0]] f32[2,3]", M.add(Array.f32(1, 2).reshape(2, 1)));
        assertIs("[[[1.0]\n  [2.0]]] f32[1,2,1]", Array.f32(1, 2).expandDims(1).expandDims(0));
        assertEquals(Shape.of(4, 2, 3), M.add(Tensor.zeros(TensorType.f32(4, 1, 3))).shape());
        assertEquals(Shape.of(0, 3), Tensor.zeros(TensorType.f32(0, 1)).add(Array.f32(1, 2, 3)).shape());
        assertThrows(ShapeException.class, () -> M.add(Array.f32(1, 2)));
    }

    @Test void numbersTakeTheTypeOfTheTensor() {
        assertIs("[2 3] i32[2]", Array.i32(1, 2).add(1));
        assertIs("[1.5 2.5] f64[2]", Array.f64(1, 2).add(0.5));
        assertThrows(ShapeException.class, () -> Array.i32(1, 2).add(0.5));
        assertThrows(ShapeException.class, () -> Array.i32(1).add(Array.f32(1)));
    }

    @Test void negativeAxesAndPositionsCountFromTheEnd() {
        assertIs("[6.0 15.0] f32[2]", M.sum(-1));
        assertIs("[4.0 5.0 6.0] f32[3]", M.index(-1));
        assertIs("[[2.0]\n [5.0]] f32[2,1]", M.slice(-1, -2, -1));
        assertIs("[3.0 6.0] f32[2]", M.index(1, 2));
        assertThrows(ShapeException.class, () -> M.index(2));
        assertThrows(ShapeException.class, () -> M.sum(2));
        assertThrows(ShapeException.class, () -> M.sum(1, -1));
    }

    @Test void reshapingComputesOneSize() {
        assertEquals(Shape.of(3, 2), M.reshape(3, -1).shape());
        assertEquals(Shape.of(6), M.reshape(-1).shape());
        assertThrows(ShapeException.class, () -> M.reshape(4, -1));
        assertThrows(ShapeException.class, () -> M.reshape(-1, -1));
        assertThrows(ShapeException.class, () -> M.reshape(7));
    }

    @Test void axesAreMovedSwappedAddedAndRemoved() {
        Tensor x = Tensor.zeros(TensorType.f32(2, 1, 4));
        assertEquals(Shape.of(4, 1, 2), x.transpose().shape());
        assertEquals(Shape.of(1, 4, 2), x.moveAxis(0, -1).shape());
        assertEquals(Shape.of(4, 1, 2), x.swapAxes(0, 2).shape());
        assertEquals(Shape.of(2, 4), x.squeeze().shape());
        assertEquals(Shape.of(2, 1, 4, 1), x.expandDims(-1).shape());
        assertThrows(ShapeException.class, () -> x.squeeze(0));
        assertThrows(ShapeException.class, () -> x.expandDims(5));
        assertIs("[[6.0 5.0 4.0]\n [3.0 2.0 1.0]] f32[2,3]", M.flip());
        assertIs("[[4.0 5.0 6.0]\n [1.0 2.0 3.0]] f32[2,3]", M.flip(0));
    }

    @Test void slicesPadsAndPieces() {
        assertIs("[1.0 3.0 5.0] f32[3]", M.reshape(-1).slice(0, 0, 6, 2));
        assertIs("[] f32[0]", M.reshape(-1).slice(0, 4, 2));
        assertIs("[0.0 0.0 1.0 2.0 9.0] f32[5]",
                Tensors.concatenate(List.of(Array.f32(1, 2).pad(0, 2, 0, 0), Array.f32(9)), 0));
        assertIs("[[2.0]\n [5.0]] f32[2,1]", M.split(3, 1).get(1));
        assertThrows(ShapeException.class, () -> M.split(2, 1));
        assertEquals(Shape.of(2, 2, 3), Tensors.stack(List.of(M, M), 1).shape());
        assertEquals(Shape.of(2, 3, 2), Tensors.stack(List.of(M, M), -1).shape());
    }

    @Test void matmulFollowsNumpyInAllRanks() {
        Tensor v = Array.f32(1, 10, 100);
        assertIs("[321.0 654.0] f32[2]", M.matmul(v));
        assertIs("[321.0 654.0] f32[2]", v.matmul(M.transpose()));
        assertIs("10101.0 f32[]", v.dot(v));
        assertEquals(Shape.of(5, 2, 4),
                Tensor.zeros(TensorType.f32(5, 2, 3)).matmul(Tensor.zeros(TensorType.f32(3, 4))).shape());
        assertEquals(Shape.of(7, 5, 2, 4),
                Tensor.zeros(TensorType.f32(7, 1, 2, 3)).matmul(Tensor.zeros(TensorType.f32(5, 3, 4))).shape());
        assertEquals(Shape.of(5, 4), v.matmul(Tensor.zeros(TensorType.f32(5, 3, 4))).shape());
        assertThrows(ShapeException.class, () -> M.matmul(M));
        assertThrows(ShapeException.class, () -> M.matmul(Array.scalar(1f)));
        assertIs("[[3.0 4.0]\n [6.0 8.0]] f32[2,2]", Array.f32(1, 2).outer(Array.f32(3, 4)));
    }

    @Test void reductionsTakeAxesOrAll() {
        assertEquals(21, M.sum().item());
        assertIs("[5.0 7.0 9.0] f32[3]", M.sum(0));
        assertEquals(720, M.prod().item());
        assertEquals(3.5, M.mean().item());
        assertEquals(35.0 / 12, M.var().item(), 1e-6);
        assertEquals(Shape.of(2, 1), M.keep(M.max(1), 1).shape());
        assertIs("[2 2] i32[2]", M.argMax(1));
        assertIs("[0 0 0] i32[3]", M.argMin(0));
        assertIs("true bool[]", M.gt(5).any());
        assertIs("[false true] bool[2]", M.gt(3).all(1));
        assertEquals(0, Tensor.zeros(TensorType.f32(0)).sum().item());
        assertTrue(Double.isNaN(Array.f32(1, Float.NaN).max().item()));
        assertIs("1 i32[]", Array.f32(1, Float.NaN, 2).argMax(0));
    }

    @Test void windowsAtPositionsKnownOnlyLaterAreMovedToFit() {
        assertIs("[[5.0 6.0]] f32[1,2]", M.dynamicSlice(List.of(Array.scalar(9), Array.scalar(9)), 1, 2));
        assertIs("[[0.0 2.0 3.0]\n [0.0 5.0 6.0]] f32[2,3]",
                M.dynamicUpdateSlice(Tensor.zeros(TensorType.f32(2, 1)), List.of(Array.scalar(-1), Array.scalar(0))));
    }

    @Test void choosingBroadcastsAllThree() {
        assertIs("[[1.0 2.0 3.0]\n [0.0 0.0 0.0]] f32[2,3]",
                Array.bool(true, false).reshape(2, 1).where(M, Array.scalar(0f)));
        assertIs("[[2.0 2.0 3.0]\n [4.0 4.0 4.0]] f32[2,3]", M.clip(2, 4));
        assertThrows(ShapeException.class, () -> M.where(M, M));
    }

    @Test void powersOfWholeNumbersAreProductsAndOthersAreNot() {
        assertIs("[4.0 9.0] f32[2]", Array.f32(-2, 3).pow(2));
        assertIs("[NaN 1.7320508] f32[2]", Array.f32(-2, 3).pow(0.5));
        assertIs("[8 27] i32[2]", Array.i32(2, 3).pow(3));
    }

    @Test void reshapedArraysHaveStorageOfTheirOwn() {
        Array x = Array.f32(1, 2);
        assertNotSame(x.storage(), x.reshape(2, 1).array().storage());
        assertSame(x, x.reshape(2));
    }

    @Test void itemsAreExactAndOneOnly() {
        assertEquals(Long.MAX_VALUE, Array.i64(Long.MAX_VALUE).itemAsLong());
        assertEquals(4294967295.0, Array.scalar(-1, DType.U32).item());
        assertThrows(ShapeException.class, M::item);
    }

    @Test void arraysPrintAsNumpyPrintsThemAndLongOnesAreAbbreviated() {
        assertIs("[0 1 2 3 ... 96 97 98 99] i32[100]", Tensors.arange(100, DType.I32));
        assertIs("[[]\n []] f32[2,0]", Tensor.zeros(TensorType.f32(2, 0)));
        assertIs("7.0 f64[]", Array.scalar(7.0));
    }

    @Test void arraysAreMadeOfWhatFitsOnly() {
        assertThrows(JavelinException.class, () -> Array.wrap(TensorType.f32(2), new float[3]));
        assertThrows(JavelinException.class, () -> Array.wrap(TensorType.f32(2), new double[2]));
        assertThrows(JavelinException.class, () -> Array.of(TensorType.f32(2), 1, 2, 3));
        assertThrows(JavelinException.class, () -> Array.f32(new float[][] {{1, 2}, {3}}));
        assertIs("[0 255] u8[2]", Array.of(TensorType.of(DType.U8, 2), 0, 255));
    }

    @Test void rangesMatricesAndEncodings() {
        assertIs("[0.0 0.5 1.0] f64[3]", Tensors.linspace(0, 1, 3, DType.F64));
        assertIs("[[1 0]\n [0 1]] i32[2,2]", Tensors.eye(2, DType.I32));
        assertIs("[[true false]\n [true true]] bool[2,2]", Tensors.tri(2));
        assertIs("[[0.0 1.0 0.0]\n [0.0 0.0 0.0]] f32[2,3]", Tensors.oneHot(Array.i32(1, 7), 3, DType.F32));
    }
}
