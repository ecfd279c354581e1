package javelin.compiler.emit;
import java.util.List; import java.util.Optional; import javelin.compiler.kernel.Kernel; import javelin.compiler.kernel.Kernel.Stmt;
record VectorPlan(List<Integer> copies) { static Optional<VectorPlan> of(Kernel k, Stmt.Loop l, int bits) { return Optional.empty(); } }
