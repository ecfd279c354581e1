package javelin.core.ops;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.core.Lists;
import javelin.core.type.DType;

/**
 * The table of ops: every op of this package, at several parameters, types and shapes (empty, single, odd and larger
 * ones).
 */
public final class Ops {
    private Ops() {}

    private static final List<OpCase> ALL = Lists.concat(ElementwiseCases.all(), StructureCases.all(),
            ReductionCases.all(), WindowCases.all(), IndexingCases.all(), OrderCases.all(), ControlCases.all(),
            LinearAlgebraCases.all(), FourierCases.all(), SpecialCases.all());

    public static List<OpCase> all() { return ALL; }

    private static final List<List<OpCase>> BY_CLASS = byClass(ALL);

    /** The table's cases of each class of ops. */
    public static List<List<OpCase>> byClass() { return BY_CLASS; }

    /** Cases of each class of ops, in alphabetical order. */
    public static List<List<OpCase>> byClass(List<OpCase> cases) {
        return List.copyOf(cases.stream().collect(Collectors.groupingBy(c -> c.op().getClass().getSimpleName(),
                TreeMap::new, Collectors.toList())).values());
    }

    /** Those that move f64 numbers: what derivatives are checked on. */
    public static Stream<OpCase> differentiable() {
        return ALL.stream().filter(c -> c.modes() != OpCase.Modes.NEITHER && c.modes() != OpCase.Modes.NONE
                && c.types().stream().anyMatch(t -> t.dtype() == DType.F64));
    }
}
