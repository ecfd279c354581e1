package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** How many bits are set. */
public record PopulationCount() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isInteger(); }

    @Override public Scalar element(List<Scalar> x) {
        return Scalar.apply(Fn.POPULATION_COUNT, x.toArray(Scalar[]::new));
    }

    @Override public String toString() { return "population_count"; }
}
