package user.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.*;
import javelin.core.Array;
import javelin.core.Index;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.*;
import javelin.core.ops.Fft;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said when an op is given what it cannot take: the op, what is wrong,
         after a semicolon what would be right, the
 * inputs' types, and the user's line. One table of mistakes, and every type of the table of ops made wrong.
 */
class OpErrorsTest {
    private static final Tensor F = Tensor.zeros(TensorType.f32(2, 3)), D = Tensor.zeros(TensorType.f64(2, 3)),
            V = Tensor.zeros(TensorType.f32(5)), S = Tensor.zeros(TensorType.f32()),
                    C = Tensor.zeros(TensorType.f32(1, 4, 4, 2)),
            I = Tensor.zeros(TensorType.i32(2, 3)), U = Tensor.zeros(TensorType.of(DType.U32, 2)),
            B = Tensor.zeros(TensorType.of(DType.BOOL, 2, 3)), Q = Tensor.zeros(TensorType.f32(3, 3)),
                    EMPTY = Tensor.zeros(TensorType.f32(0));
    private static final GatherAxes ROWS = new GatherAxes(List.of(1), List.of(0), List.of(0), List.of(), List.of());
    private static final GatherAxes.Mode CLIP = GatherAxes.Mode.CLIP;

    /** @param says parts of the message, in order */
    private record Mistake(Class<?> op, int line, String[] says, Runnable code) {
        @Override public String toString() { return op.getSimpleName() + ": " + String.join(" ... ", says); }
    }

    private static final List<Mistake> TABLE = new ArrayList<>();

    private static void row(Class<?> op, String says, Runnable code) {

        int line = StackWalker.getInstance().walk(s -> s.filter(f -> f.getMethodName().startsWith("mistakes"))
                .findFirst()).orElseThrow().getLineNumber();
        TABLE.add(new Mistake(op, line, says.split("\\|"), code));
    }

    /** Floating-point numbers only. */
    private static void float1(Class<?> op, String name, UnaryOperator<Tensor> f) {
        row(op, name + ": bool is not among the element types it takes (|; convert with astype|input 0  bool[2,3]",
                () -> f.apply(B));
    }

    private static void mistakesOfUnaries() {
        float1(Abs.class, "abs", x -> x.abs());
        float1(Acos.class, "acos", x -> x.acos());
        float1(Acosh.class, "acosh", x -> x.acosh());
        float1(Asin.class, "asin", x -> x.asin());
        float1(Asinh.class, "asinh", x -> x.asinh());
        float1(Atan.class, "atan", x -> x.atan());
        float1(Atanh.class, "atanh", x -> x.atanh());
        float1(BesselI0e.class, "bessel_i0e", x -> Special.i0e(x));
        float1(BesselI1e.class, "bessel_i1e", x -> Special.i1e(x));
        float1(Cbrt.class, "cbrt", x -> x.cbrt());
        float1(Ceil.class, "ceil", x -> x.ceil());
        float1(Cos.class, "cos", x -> x.cos());
        float1(Cosh.class, "cosh", x -> x.cosh());
        float1(Digamma.class, "digamma", x -> x.digamma());
        float1(Erf.class, "erf", x -> x.erf());
        float1(ErfInv.class, "erf_inv", x -> x.erfInv());
        float1(Erfc.class, "erfc", x -> x.erfc());
        float1(Exp.class, "exp", x -> x.exp());
        float1(Exp2.class, "exp2", x -> x.exp2());
        float1(Expm1.class, "expm1", x -> x.expm1());
        float1(Floor.class, "floor", x -> x.floor());
        float1(Lgamma.class, "lgamma", x -> x.lgamma());
        float1(Log.class, "log", x -> x.log());
        float1(Log1p.class, "log1p", x -> x.log1p());
        float1(Logistic.class, "logistic", x -> x.logistic());
        float1(Neg.class, "neg", x -> x.neg());
        float1(ReducePrecision.class, "reduce_precision[5 10]", x -> new ReducePrecision(5, 10).apply(x));
        float1(Round.class, "round", x -> x.round());
        float1(Rsqrt.class, "rsqrt", x -> x.rsqrt());
        float1(Sign.class, "sign", x -> x.sign());
        float1(Sin.class, "sin", x -> x.sin());
        float1(Sinh.class, "sinh", x -> x.sinh());
        float1(Sqrt.class, "sqrt", x -> x.sqrt());
        float1(Tan.class, "tan", x -> x.tan());
        float1(Tanh.class, "tanh", x -> x.tanh());
        row(IntegerPow.class, "integer_pow|bool is not among|; convert with astype", () -> B.pow(3));
        row(LeadingZeros.class, "f32 is not among|; convert with astype", () -> F.leadingZeros());
        row(Not.class, "not: f32 is not among|; convert with astype", () -> F.not());
        row(PopulationCount.class, "f32 is not among|; convert with astype", () -> F.populationCount());
        row(ReducePrecision.class, "such numbers do not exist; keep 1 bit of exponent at least",
                () -> new ReducePrecision(0, 3).apply(F));
    }

    private static final String DIFFER = ": the inputs differ in element type, f32 and f64; convert one of them"
            + "|input 0  f32[2,3]|input 1  f64[2,3]";

    private static final String SHAPES = ": the shapes do not broadcast: axis 1 from the end has sizes 3 and 5; sizes"
            + "|input 0  f32[2,3]|input 1  f32[5]";

    private static void mistakesOfBinaries() {
        row(Add.class, "add" + DIFFER, () -> F.add(D));
        row(Add.class, "add" + SHAPES, () -> F.add(V));
        row(Sub.class, "sub" + DIFFER, () -> F.sub(D));
        row(Mul.class, "mul" + SHAPES, () -> F.mul(V));
        row(Div.class, "div" + DIFFER, () -> F.div(D));
        row(Rem.class, "rem" + SHAPES, () -> F.rem(V));
        row(Pow.class, "pow" + DIFFER, () -> F.pow(D));
        row(Max.class, "max" + SHAPES, () -> F.maximum(V));
        row(Min.class, "min" + DIFFER, () -> F.minimum(D));
        row(Atan2.class, "atan2" + DIFFER, () -> F.atan2(D));
        row(NextAfter.class, "nextafter" + DIFFER, () -> F.nextAfter(D));
        row(And.class, "and: f32 is not among|; convert with astype", () -> F.and(F));
        row(Or.class, "or: f32 is not among|; convert with astype", () -> F.or(F));
        row(Xor.class, "xor: f32 is not among|; convert with astype", () -> F.xor(F));
        row(ShiftLeft.class, "shift_left: f32 is not among|; convert", () -> F.shiftLeft(F));
        row(ShiftRightArithmetic.class, "shift_right_arithmetic: f32 is not among|; convert",
                () -> F.shiftRightArithmetic(F));
        row(ShiftRightLogical.class, "shift_right_logical: f32 is not among|; convert", () -> F.shiftRightLogical(F));
        row(Compare.class, "gt" + DIFFER, () -> F.gt(D));
        row(Compare.class, "eq" + SHAPES, () -> F.eq(V));
        row(Igamma.class, "igamma" + DIFFER, () -> Special.igamma(F, D));
        row(Igammac.class, "igammac" + DIFFER, () -> Special.igammac(F, D));
        row(IgammaGradA.class, "the inputs differ in shape; broadcast them with broadcastTo",
                () -> new IgammaGradA().apply(F, V));
        row(IncompleteBeta.class, "beta" + DIFFER.substring(0, 34), () -> Special.betainc(F, F, D));
        row(Zeta.class, "zeta" + DIFFER, () -> Special.zeta(F, D));
        row(Polygamma.class, "polygamma: bool is not among|; convert with astype", () -> new Polygamma().apply(B, B));
        row(RandomGammaGrad.class, "the inputs differ in shape; broadcast", () -> new RandomGammaGrad().apply(F, V));
        row(Clamp.class, "clamp" + DIFFER.substring(0, 30), () -> F.clip(D, F));
        row(Select.class, "select: the condition is not bool; compare first", () -> F.where(F, F));
        row(Select.class, "select: the two sides differ in type; convert with astype|f32[2,3]|f64[2,3]",
                () -> B.where(F, D));
    }

    private static void mistakesOfStructure() {
        row(Bitcast.class, "bitcast|an element of f64 is made of 2 of f32; the last axis must have that size",
                () -> F.bitcast(DType.F64));
        row(Bitcast.class, "bools have no bits to share; convert with astype", () -> B.bitcast(DType.I32));
        row(Broadcast.class, "broadcastTo: [2,3] does not broadcast to [4,3]; sizes", () -> F.broadcastTo(4, 3));
        row(Broadcast.class, "the input's axes are not axes [1] of [2,4]; name one of the same size",
                () -> F.broadcast(Shape.of(2, 4), List.of(1)));
        row(Iota.class, "there is no axis 2 to count along in numbers; name one of the shape",
                () -> Tensors.iota(TensorType.f32(2, 3), 2));
        row(Reshape.class, "reshape[4, 2]: the tensor has 6 elements; give sizes with that product",
                () -> F.reshape(4, 2));
        row(Reshape.class, "reshape[-1, -1]: sizes are negative; only one may be", () -> F.reshape(-1, -1));
        row(Transpose.class, "transpose: there is no axis 2; give one from -2 to 1", () -> F.transpose(0, 2));
        row(Transpose.class, "[0] is no order of the input's axes; name each once, from 0 to 1",
                () -> F.transpose(List.of(0)));
        row(Reverse.class, "flip: there is no axis -3; give one from -2 to 1", () -> F.flip(-3));
        row(Reverse.class, "flip: axes [0, 0] name an axis twice; give each once", () -> F.flip(0, 0));
        row(Slice.class, "slice|it leaves the input; along every axis 0 <= start <= limit <= size",
                () -> new Slice(List.of(0, 1), List.of(2, 4), List.of(1, 1)).apply(F));
        row(Slice.class, "slice: there is no axis 2; give one from -2 to 1", () -> F.slice(2, 0, 1));
        row(Slice.class, "index[axis=0]: there is no element 7; the axis has 2", () -> F.index(7));
        row(Pad.class, "pad|negative padding cuts off more than there is; cut off less", () -> F.pad(0, -2, -1, 0));
        row(Pad.class, "pad|the padding value does not fit; it must be a scalar",
                () -> new Pad(List.of(0, 0), List.of(0, 0), List.of(0, 0)).apply(F, D));
        row(Concatenate.class, "concatenate|the sizes differ; they must be the same but for axis 0",
                () -> Tensors.concatenate(List.of(F, Q.slice(1, 0, 2)), 0));
        row(Concatenate.class, "concatenate|differ in element type; convert with astype",
                () -> Tensors.concatenate(List.of(F, D), 0));
        row(DynamicSlice.class, "dynamic_slice|does not fit into the input; it needs a size for each axis",
                () -> F.dynamicSlice(List.of(Array.scalar(0), Array.scalar(0)), 3, 3));
        row(DynamicSlice.class, "1 starts are given; there must be one for each of 2 axes",
                () -> F.dynamicSlice(List.of(Array.scalar(0)), 1, 1));
        row(DynamicUpdateSlice.class, "f32[] is no start; starts must be integer scalars",
                () -> F.dynamicUpdateSlice(F, List.of(S, S)));
        row(DynamicUpdateSlice.class, "the update does not fit into input 0; it needs its rank",
                () -> F.dynamicUpdateSlice(V, List.of(Array.scalar(0), Array.scalar(0))));
        row(Gather.class, "take|are f32; they must be integers, convert with astype(DType.I32)", () -> F.take(V, 0));
        row(Gather.class, "take: there is no axis 4; give one from -2 to 1", () -> F.take(I, 4));
        row(Gather.class, "takeAlongAxis|the ranks differ; the indices must have the rank of the input",
                () -> F.takeAlongAxis(Array.i32(0), 0));
        row(Gather.class, "indices for 3 axes are too many for rank 2; give one",
                () -> F.index(Index.of(0), Index.of(0), Index.of(0)));
        row(Gather.class, "there is no nearest element to read in an empty axis; use OutOfRange.FILL_OR_DROP",
                () -> EMPTY.take(I, 0, OutOfRange.CLIP));
        row(Gather.class, "a window of [3, 3] does not fit into f32[2,3]; give a size for each axis",
                () -> new Gather(ROWS, List.of(3, 3), CLIP, 0).apply(F, Tensor.zeros(TensorType.i32(4, 1))));
        row(ScatterSet.class, "the updates are f64 and the operand is f32; convert one of them",
                () -> new ScatterSet(ROWS, CLIP, false).apply(F, Tensor.zeros(TensorType.i32(4, 1)), D));
        row(ScatterSet.class, "at(...).set: the shapes do not broadcast|; sizes must be equal or 1|f32[5]",
                () -> F.at(Index.all()).set(V));
        row(ScatterAdd.class, "the positions do not fit; their last axis must hold 1 coordinates",
                () -> new ScatterAdd(ROWS, CLIP).apply(F, I, F));
        row(ScatterMul.class, "the updates do not fit; they must have rank 2",
                () -> new ScatterMul(ROWS, CLIP, false).apply(F, Tensor.zeros(TensorType.i32(4, 1)), V));
        row(ScatterExtreme.class, "the positions are f32; they must be integers",
                () -> new ScatterExtreme(ROWS, CLIP, true).apply(F, V.reshape(5, 1), F));
    }

    private static void mistakesOfReductions() {
        row(ReduceSum.class, "sum: there is no axis 2; give one from -2 to 1|f32[2,3]", () -> F.sum(2));
        row(ReduceSum.class, "sum: axes [0, -2] name an axis twice; give each once", () -> F.sum(0, -2));
        row(ReduceSum.class, "[3] are not axes of the input; name each once, from 0 to 1", () -> F.sum(List.of(3)));
        row(ReduceProd.class, "prod: there is no axis 2; give one", () -> F.prod(2));
        row(ReduceMax.class, "max: there is no axis -3; give one", () -> F.max(-3));
        row(ReduceMin.class, "min: there is no axis 0; a scalar has none|f32[]", () -> S.min(0));
        row(ArgExtreme.class, "argMax: there is no axis 2; give one", () -> F.argMax(2));
        row(ArgExtreme.class, "argmin|axis 0 is empty; there must be an element", () -> EMPTY.argMin(0));
        row(CumSum.class, "cumsum: there is no axis 2; give one", () -> F.cumsum(2));
        row(CumProd.class, "cumprod: there is no axis 2; give one", () -> F.cumprod(2));
        row(CumMax.class, "cummax: there is no axis 2; give one", () -> F.cummax(2));
        row(CumMin.class, "cummin: there is no axis 0; a scalar has none", () -> S.cummin(0));
        row(CumLogSumExp.class, "is for floating-point types; convert with astype|i32[2,3]", () -> I.cumLogSumExp(0));
        row(Sort.class, "sort: there is no axis 2; give one", () -> F.sort(2));
        row(Sort.class, "the operands differ in shape; broadcast", () -> Sorting.sort(List.of(F, V), 1, 0));
        row(Sort.class, "3 of 1 operands cannot be keys; at least one must be", () -> Sorting.sort(List.of(F), 3, 0));
        row(TopK.class, "axis 1 has 3 elements, not 4; ask for as many at most", () -> Sorting.topK(F, 4));
        row(TopK.class, "topK: there is no axis 2; give one", () -> Sorting.topK(F, 1, 2));
        row(DotGeneral.class, "matmul: axis 1 of input 0 has 3 elements, axis 0 of input 1 has 2; they must be equal",
                () -> F.matmul(F));
        row(DotGeneral.class, "matmul: the inputs differ in element type; convert one of them",
                () -> F.matmul(Tensor.zeros(TensorType.f64(3, 2))));
        row(DotGeneral.class, "axes differ in size: axis 1 of input 0 has 3, axis 0 of input 1 has 2; they must",
                () -> Products.tensordot(F, F, List.of(1), List.of(0)));
        row(DotGeneral.class, "einsum|axis 0 of input 1 has size 2 where another axis of its letter has 3; they",
                () -> Tensors.einsum("ij,jk->ik", F, F));
    }

    private static void mistakesOfWindows() {
        Tensor kernel = Tensor.zeros(TensorType.f32(3, 3, 4, 8));
        row(ConvGeneral.class, "axis 3 of input 0 has 2 features, but axis|takes 4 in each of 1 groups; the product",
                () -> Convolution.SAME.apply(C, kernel));
        row(ConvGeneral.class, "the ranks do not fit; the input must be [batch",
                () -> Convolution.SAME.apply(F, kernel));
        row(ReduceWindowSum.class, "there are 1 windows for 2 axes; every axis needs one|f32[2,3]",
                () -> Windows.sum(F, List.of(Window.SINGLE)));
        row(ReduceWindowMax.class, "is no window; size, stride and dilations must be at least 1",
                () -> Windows.max(V, List.of(new Window(2, 0, 0, 0, 1, 1))));
        row(ReduceWindowMin.class, "there are 2 windows for 1 axes; every axis needs one",
                () -> Windows.min(V, List.of(Window.SINGLE, Window.SINGLE)));
        row(WindowGather.class, "the numbers do not fit; input 1 must number an element of every window",
                () -> new WindowGather(List.of(Window.SINGLE)).apply(V, I));
        row(WindowScatter.class, "the inputs do not fit; they must be f32[5] and i32[5]",
                () -> new WindowScatter(List.of(Window.SINGLE), Shape.of(5)).apply(V, I));
        row(WindowWinner.class, "input 1 does not fit; it must be the extremes of the windows",
                () -> new WindowWinner(List.of(Window.SINGLE)).apply(V, F));
    }

    private static void mistakesOfLinearAlgebra() {
        row(Cholesky.class, "cholesky: the matrix is not square: it has 2 rows and 3 columns; they must be equal",
                () -> Linalg.cholesky(F));
        row(Det.class, "det: the matrix is not square", () -> Linalg.det(F));
        row(SlogDet.class, "slogdet: the matrix is not square", () -> Linalg.slogdet(F));
        row(Eigh.class, "eigh: the matrix is not square", () -> Linalg.eigh(F));
        row(Lu.class, "lu: the elements are i32, not floating-point numbers; convert with astype",
                () -> Linalg.luFactor(I));
        row(LuSolve.class, "the right side does not fit; it must have the matrix's leading axes",
                () -> new LuSolve(false).apply(Q, Q, Tensor.zeros(TensorType.i32(3)), F));
        row(Qr.class, "qr: input 0 has rank 1; matrices need two axes", () -> Linalg.qr(V));
        row(ColumnOrder.class, "column_order: input 0 has rank 1; matrices need two axes",
                () -> Linalg.qrPivoted(V, false));
        row(Svd.class, "svd|the elements are bool, not floating-point numbers; convert", () -> Linalg.svd(B));
        row(Pinv.class, "pinv|the input has rank 1; matrices need two axes", () -> Linalg.pinv(V));
        row(HouseholderProduct.class, "the taus do not fit; they must be of the matrix's type",
                () -> new HouseholderProduct().apply(Q, Q));
        row(Reflections.class, "input 0 has rank 1; matrices need two axes",
                () -> Op.apply(new Reflections(), List.of(V)));
        row(PivotsToPermutation.class, "there are more pivots than rows; there may be one for each",
                () -> new PivotsToPermutation(1).apply(I));
        row(TriangularSolve.class, "the matrix has 3 rows, and so must the right side",
                () -> Linalg.solveTriangular(Q, V, true));
        row(TridiagonalSolve.class, "the three diagonals differ in shape or type; they must be the same",
                () -> Linalg.solveTridiagonal(V, V, EMPTY, V));
        row(Fft.class, "fft: is for f32 and f64; convert with astype", () -> Op.apply(new Fft(false), List.of(I, I)));
    }

    private static void mistakesOfPrograms() {
        row(Scan.class, "scan: the state must keep its types|f32[2,3] and comes out as f32[3]; convert",
                () -> Control.scan((Tensor c) -> new Control.Step<>(c.sum(0), c), F, 3));
        row(Scan.class, "scan: the xs differ in length; all must have the same size along axis 0",
                () -> Control.scan((Tensor c, List<Tensor> x) -> new Control.Step<>(c, c), S, List.of(F, V)));
        row(While.class, "while|the condition gives [bool[2,3]]; it must give one bool scalar",
                () -> Control.whileLoop(x -> x.gt(0), x -> x, F));
        row(Cond.class, "cond: ifTrue returns [f32[2,3]] where ifFalse returns [f32[3]]; all branches must",
                () -> Control.cond(S.gt(0), x -> x, x -> x.sum(0), F));
        row(Cond.class, "switchCase: there are no branches; give one at least",
                () -> Control.switchCase(Array.scalar(0), List.of(), F));
        row(CustomJvp.class, "the rule's tangent must have the structure of the function's result|; the second must be",
                () -> Transforms.jvp(Custom.jvp((Tensor x) -> List.of(x), (x,
                    dx) -> new Transforms.ValueAndTangent<>(List.of(x), List.of()))).apply(F, F));
        row(CustomVjp.class, "custom_vjp has no derivative with respect to what its function closes over; make that",
                () -> Transforms.grad((Tensor x) -> Custom.vjp((Tensor y) -> y.mul(x).sum(), y -> new Pair<>(y.sum(),
                    y), (y, ct) -> y).apply(F)).apply(F));
        row(CustomVmap.class,
                "custom_vmap: the rule returns [f32[3]] for a batch of 2 where [f32[2,3]] is expected; stack",
                () -> Transforms.vmap(Custom.vmap((Tensor x) -> x, (size, mapped, x) -> x.sum(0))).apply(F));
        row(LinearSolve.class, "linearSolve: the function gives [f32[3]]; it must give the types it takes",
                () -> Implicit.linearSolve((Tensor x) -> x.sum(0), F, (f, b) -> b));
        row(Callback.class, "pureCallback: the Java code gave [f32[3]] where [f32[2,3]] is declared; convert",
                () -> Custom.pureCallback(x -> x.sum(0), F, F));
        row(Threefry.class, "threefry2x32: the words do not fit; give two of a key and two of counters, all u32",
                () -> Op.apply(new Threefry(), List.of(U, U, U, I)));
    }

    /** What takes everything, or is only made by rules from ops that have been checked. */
    private static final Set<String> CANNOT_BE_MISUSED =
            Set.of("Convert", "StopGradient", "Named", "Remat", "TapedWhile",
            "WhileTangents");

    static {
        mistakesOfUnaries();
        mistakesOfBinaries();
        mistakesOfStructure();
        mistakesOfReductions();
        mistakesOfWindows();
        mistakesOfLinearAlgebra();
        mistakesOfPrograms();
    }

    static List<Mistake> table() { return TABLE; }

    @ParameterizedTest @MethodSource("table")
    void theMessageSaysWhatWhereAndWhatWouldBeRight(Mistake m) {
        var thrown = assertThrows(JavelinException.class, m.code::run);
        String text = thrown.getMessage();
        int at = 0;
        for (String part : m.says) {
            assertTrue(text.indexOf(part, at) >= 0, () -> "'" + part + "' is missing in:\n" + text);
            at = text.indexOf(part, at);
        }
        requireGood(thrown);
        int line = Integer.parseInt(text.replaceAll("(?s).*OpErrorsTest.java:(\\d+)\\)$", "$1"));
        assertTrue(line >= m.line && line <= m.line + 2, () -> "line " + m.line + ":\n" + text);
    }

    private static void requireGood(JavelinException e) {
        String text = e.getMessage();
        String first = text.lines().findFirst().orElseThrow(), last = text.lines().reduce((_, l) -> l).orElseThrow();
        assertTrue(first.contains("; "), () -> "no remedy: " + text);

        boolean typed = text.matches("(?s).*\\b(bool|b?f16|f32|f64|[iu](8|16|32|64))\\b.*");
        assertTrue(typed || !(e instanceof ShapeException), () -> "no type: " + text);
        assertTrue(last.startsWith("  at       user.errors.OpErrorsTest."), () -> "no line of the user's: " + text);
    }

    @Test void everyOpHasAMistakeOrCannotBeMisused() {
        Set<String> covered = new TreeSet<>(CANNOT_BE_MISUSED);
        for (Mistake m : TABLE) covered.add(m.op.getSimpleName());

        assertEquals(Ops.byClass().stream().map(c -> c.getFirst().op().getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new)), covered);
    }

    /** Every op of the table with one input of another element type, rank or size: it works, or says why not. */
    @Test void noTypeIsRefusedWithoutAWord() {
        int refused = 0;
        for (OpCase c : Ops.all()) {
            if (CANNOT_BE_MISUSED.contains(c.op().getClass().getSimpleName())) continue;
            for (int i = 0; i < c.types().size(); i++)
                for (TensorType other : others(c.types().get(i))) {
                    List<TensorType> in = new ArrayList<>(c.types());
                    in.set(i, other);
                    if (isRefused(c.op(), in)) refused++;
                }
        }
        assertTrue(refused > 10_000, "only " + refused + " were refused");
    }

    private static boolean isRefused(Op op, List<TensorType> in) {
        try {
            op.outputTypes(in);
            op.lower(in);
            return false;
        } catch (JavelinException e) {
            requireGood(e);
            String text = e.getMessage();
            assertTrue(text.startsWith(op + ": "), text);
            for (int n = 0; n < in.size(); n++) assertTrue(text.contains("\n  input " + n + "  " + in.get(n)), text);
            return true;
        }
    }

    private static List<TensorType> others(TensorType t) {
        var shapes = Stream.of(t.shape().prepend(2), t.shape().prepend(1), Shape.of(), Shape.of(7));
        var sizes = Lists.range(0, t.rank()).stream().flatMap(a -> Stream.of(0, t.shape().size(a) + 1)
                .map(n -> t.shape().without(List.of(a)).insert(a, n)));
        return Stream.concat(Arrays.stream(DType.values()).map(t::withDType), Stream.concat(shapes,
                sizes).map(t::withShape))
                .filter(other -> !other.equals(t)).toList();
    }
}
