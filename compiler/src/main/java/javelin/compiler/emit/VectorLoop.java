package javelin.compiler.emit;
import java.util.List;
final class VectorLoop { VectorLoop(KernelCode in, Frame f, VectorPlan p, int copies, List<Name> ps, String scalar) {} void write(String next) {} }
