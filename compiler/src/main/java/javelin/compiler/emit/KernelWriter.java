package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.ClassWriter;

/** A class being written: static methods only. */
final class KernelWriter extends ClassWriter {
    final String owner;

    /** @param owner the internal name */
    KernelWriter(String owner) {
        super(COMPUTE_FRAMES);
        this.owner = owner;
        visit(V21, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, owner, null, "java/lang/Object", null);
    }

    /** Begins a public static method; its first locals are its parameters. */
    Frame method(String name, String descriptor) {
        return new Frame(visitMethod(ACC_PUBLIC | ACC_STATIC, name, descriptor, null, null));
    }

    // reference types meet only as themselves or as unused locals: nothing needs to be loaded to find out
    @Override protected String getCommonSuperClass(String a, String b) { return a.equals(b) ? a : "java/lang/Object"; }
}
