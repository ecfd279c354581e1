/**
 * The compiler: fuses a program into kernels and emits them as JVM bytecode. Exports nothing: it is found as a
 * {@link javelin.core.Backend}. Without {@code --add-modules jdk.incubator.vector} it works, slower.
 */
module javelin.compiler {
    requires javelin.core;
    requires org.objectweb.asm;
    requires static jdk.incubator.vector;

    provides javelin.core.Backend with javelin.compiler.JvmBackend;
}
