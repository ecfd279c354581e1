package javelin.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

class ProjectionsTest {
    private static final Tensor X = Array.f64(0.5, -1.5, 2, 0.7, 0.7, -0.1), A = Array.f64(1, -1, 2, 0, 1, 1);

    private static double[] numbers(Tensor x) { return x.array().toDoubles(); }

    /** A projection onto a convex set is idempotent, and {@code <x - p, q - p> <= 0} for every q of the set. */
    private static void checkNearest(UnaryOperator<Tensor> projection) {
        Tensor p = projection.apply(X);
        assertArrayEquals(numbers(p), numbers(projection.apply(p)), 1e-14);
        for (int seed = 0; seed < 20; seed++) {
            Tensor q = projection.apply(javelin.Key.of(seed).normal(X.type()).mul(2));
            assertEquals(0, Math.max(0, X.sub(p).dot(q.sub(p)).item()), 1e-12);
        }
        Tensor compiled = Transforms.jit((Tensor x) -> projection.apply(x)).apply(X);
        assertArrayEquals(numbers(p), numbers(compiled), 1e-14);
    }

    @Test void projectionsGiveTheNearestPoint() {
        checkNearest(x -> Projections.nonNegative(x));
        checkNearest(x -> Projections.box(x, -0.5, 0.6));
        checkNearest(x -> Projections.box(x, X.sub(1).minimum(-0.1), X.mul(0).add(0.3)));
        checkNearest(x -> Projections.hypercube(x, 0.6));
        checkNearest(x -> Projections.simplex(x, 1));
        checkNearest(x -> Projections.simplex(x, 2.5));
        checkNearest(x -> Projections.l1Ball(x, 1.5));
        checkNearest(x -> Projections.l1Ball(x, 100));
        checkNearest(x -> Projections.l2Ball(x, 0.5));
        checkNearest(x -> Projections.l2Ball(x, 50));
        checkNearest(x -> Projections.linfBall(x, 0.6));
        checkNearest(x -> Projections.vector(x, A));
        checkNearest(x -> Projections.hyperplane(x, A, 0.3));
        checkNearest(x -> Projections.halfspace(x, A, 0.3));
        checkNearest(x -> Projections.halfspace(x, A, 30));
    }

    @Test void theyEndInTheirSets() {
        List<Tensor> tree = List.of(Array.f64(3, -4), Array.f64(0.5));
        assertEquals(1, TreeMath.sum(Projections.simplex(tree, 1)).item(), 1e-15);
        assertEquals(2, TreeMath.norm(Projections.l2Sphere(tree, 2)).item(), 1e-15);
        assertEquals(2, TreeMath.sum(TreeMath.map(Projections.l1Sphere(tree, 2), Tensor::abs)).item(), 1e-15);
        assertEquals(0.3, TreeMath.dot(Projections.hyperplane(X, A, 0.3), A).item(), 1e-14);
        assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, numbers(Projections.simplex(X.mul(10), 1)));
    }

    @Test void theSimplexHasTheDerivativeOfTheMeanOfItsSupport() {
        Tensor jacobian = Transforms.jacrev((Tensor x) -> Projections.simplex(x, 1)).apply(Array.f64(0.6, 0.7, -3));
        assertArrayEquals(new double[] {0.5, -0.5, 0, -0.5, 0.5, 0, 0, 0, 0}, numbers(jacobian.reshape(-1)), 1e-15);
    }
}
