package user.errors;

import static javelin.Transforms.explain;
import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.jvp;
import static javelin.Transforms.vjp;
import static javelin.Transforms.vmap;

import java.util.ArrayList;
import java.util.List;
import javelin.Control;
import javelin.Custom;
import javelin.Debug;
import javelin.core.Array;
import javelin.core.Batched;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** What users do wrong, each once; docs/errors.md shows what they are told. */
final class Mistakes {
    private Mistakes() {}

    private static final Tensor X = Tensor.zeros(TensorType.f32(64, 784)), W = Tensor.zeros(TensorType.f32(128, 10));

    static void shapesThatDoNotMultiply() {
        X.matmul(W);
    }

    static void shapesThatDoNotBroadcast() {
        X.add(Array.f32(1, 2, 3));
    }

    static void elementTypesThatDiffer() {
        X.mul(Array.f64(0.5));
    }

    static void anIndexThatIsNotAnInteger() {
        W.take(Array.f32(3, 1), 0);
    }

    static void aTracerKeptAfterItsTrace() {
        List<Tensor> activations = new ArrayList<>();
        jit((Tensor x) -> {
            activations.add(x.tanh());
            return x.sum();
        }).apply(X);
        activations.getFirst().sum();
    }

    static void theNumberOfATracer() {
        jit((Tensor x) -> x.sum().item() > 0 ? x : x.neg()).apply(X);
    }

    static void anArrayWhereATensorIsWanted() {
        explain(x -> x.mul(x), Array.scalar(3f));
    }

    static void aLossThatIsNoScalar() {
        grad((Tensor w) -> X.slice(1, 0, 128).matmul(w).square()).apply(W);
    }

    static void aCotangentOfTheWrongTree() {
        vjp((Tensor x) -> List.of(x, x.sum()), X).pullback().apply(List.of(X));
    }

    static void aTangentOfTheWrongType() {
        jvp((Tensor x) -> x.exp()).apply(X, W);
    }

    static void numbersThatAreNoTensors() {
        jit((float[] x) -> Array.f32(x)).apply(new float[] {1, 2});
    }

    static void aCarryThatChangesItsType() {
        Tensor start = Array.scalar(0);
        Control.foriLoop(0, 10, (i, sum) -> sum.astype(DType.F32).add(0.5), start);
    }

    static void aCarryThatChangesItsStructure() {
        Control.scan((List<Tensor> c) -> new Control.Step<>(List.of(c.getFirst()), c), List.of(X, W), 3);
    }

    /** See {@link Triple}. */
    static void reverseModeThroughAnOpWithoutTranspose() {
        grad((Tensor x) -> {
            Tensor y = new Triple().apply(x);
            return y.sum();
        }).apply(Array.f32(1, 2));
    }

    static void batchesOfDifferentSizes() {
        vmap((Tensor x, Tensor w) -> x.dot(w)).apply(X, W);
    }

    static void aDonatedArrayReadAgain() {
        Array weights = Array.f32(1, 2);
        jit((Tensor w) -> w.mul(0.5)).donate(0).apply(weights);
        weights.sum();
    }

    static void aBranchOfAnotherType() {
        Control.cond(X.sum().gt(0), x -> x, x -> x.sum(0), X);
    }

    static void partsOfDifferentTypes() {
        new javelin.Complex(X, W);
    }

    static void javaCodeThatThrows() {
        jit((Tensor x) -> {
            Debug.callback(numbers -> List.of().getFirst(), x);
            return x.sum();
        }).apply(X);
    }

    static void theDerivativeOfJavaCode() {
        grad((Tensor x) -> Custom.pureCallback(numbers -> numbers.array(), x, x)).apply(Array.scalar(3f));
    }

    /** {@code 3 x}: a user's op that forgot to be a LinearOp. */
    record Triple() implements SimpleOp {
        @Override public TensorType outputType(List<TensorType> in) { return in.getFirst(); }

        @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx); }

        @Override public Tensor batchedOutput(List<Batched> in) { return apply(in.getFirst().value()); }

        @Override public Lowering lower(List<TensorType> in) {
            return new Lowering.Pointwise(new Scalar.Read(0, List.of(new Scalar.Loop(0)), DType.F32).times(3));
        }

        @Override public String toString() { return "triple"; }
    }
}
