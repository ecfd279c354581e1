package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.type.DType;
import org.objectweb.asm.Type;

/**
 * Calls of the Vector API, each straight to a method of the JDK: C2 makes one instruction of it, which it would not do
 * through a method of ours. Species are static fields of the JDK, so constants.
 */
final class VectorApi {
    private static final String PACKAGE = "jdk/incubator/vector/";
    private static final String VECTOR = "L" + PACKAGE + "Vector;", SPECIES = "L" + PACKAGE + "VectorSpecies;",
        MASK = "L" + PACKAGE + "VectorMask;";
    private static final String OPERATORS = PACKAGE + "VectorOperators";

    static final Type MASK_TYPE = Type.getType(MASK);

    private final Frame frame;
    private final int lanes;

    VectorApi(Frame frame, int lanes) {
        this.frame = frame;
        this.lanes = lanes;
    }

    static Type vector(DType type) { return Type.getObjectType(owner(type)); }

    private static String owner(DType type) {
        return PACKAGE + switch (type) {
            case F32 -> "FloatVector";
            case F64 -> "DoubleVector";
            case I32, U32 -> "IntVector";
            case I64, U64 -> "LongVector";
            case I16, U16, BF16, F16 -> "ShortVector";
            case I8, U8, BOOL -> "ByteVector";
        };
    }

    private static String descriptor(DType type) { return "L" + owner(type) + ";"; }

    private static String array(DType type) { return type.storage().descriptorString(); }

    private static String element(DType type) { return array(type).substring(1); }

    void species(DType type) {
        frame.out.visitFieldInsn(GETSTATIC, owner(type), "SPECIES_" + lanes * type.bytes() * Byte.SIZE, SPECIES);
    }

    private void operator(String name, String kind) {
        frame.out.visitFieldInsn(GETSTATIC, OPERATORS, name, "L" + OPERATORS + "$" + kind + ";");
    }

    /** The number that {@code push} pushes, in every lane. */
    void broadcast(DType type, Runnable push) {
        species(type);
        push.run();
        if (type.bytes() == 1) frame.op(I2B);
        if (type.bytes() == 2) frame.op(I2S);
        frame.call(owner(type), "broadcast", "(" + SPECIES + element(type) + ")" + descriptor(type));
    }

    /** The bool that {@code push} pushes, in every lane of a mask for vectors of {@code type}. */
    void broadcastMask(DType type, Runnable push) {
        species(type);
        push.run();
        frame.out.visitMethodInsn(INVOKEINTERFACE, PACKAGE + "VectorSpecies", "maskAll", "(Z)" + MASK, true);
    }

    /** 0, 1, 2, ... */
    void indices() {
        broadcast(DType.I32, () -> frame.constant(0));
        frame.constant(1);
        frame.send(owner(DType.I32), "addIndex", "(I)" + descriptor(DType.I32));
    }

    /** {@code push} pushes array and index. */
    void load(DType type, Runnable push) {
        species(type);
        push.run();
        frame.call(owner(type), "fromArray", "(" + SPECIES + array(type) + "I)" + descriptor(type));
    }

    /** Vector, array, index -> nothing. */
    void store(DType type) { frame.send(owner(type), "intoArray", "(" + array(type) + "I)V"); }

    /** Vector, array, index, mask -> nothing. */
    void storeMasked(DType type) { frame.send(owner(type), "intoArray", "(" + array(type) + "I" + MASK + ")V"); }

    /** Vector -> vector, by the method {@code name}. */
    void unary(DType type, String name) { frame.send(owner(type), name, "()" + descriptor(type)); }

    /** Vector, vector -> vector, by the method {@code name}. */
    void binary(DType type, String name) { frame.send(owner(type), name, "(" + VECTOR + ")" + descriptor(type)); }

    /** Vector, and what {@code push} pushes -> vector, by the operator {@code name}. */
    void lanewise(DType type, String name, Runnable push) {
        operator(name, BINARY.contains(name) ? "Associative" : "Binary");
        push.run();
        frame.send(owner(type), "lanewise", "(L" + OPERATORS + "$Binary;" + VECTOR + ")" + descriptor(type));
    }

    private static final java.util.Set<String> BINARY = java.util.Set.of("XOR", "UMAX", "UMIN");

    /** Vector -> vector, each lane shifted by {@code places}. */
    void shift(DType type, String name, int places) {
        operator(name, "Binary");
        frame.constant((long) places, type.bytes() == Long.BYTES ? DType.I64 : DType.I32);
        frame.send(owner(type), "lanewise", "(L" + OPERATORS + "$Binary;" + element(type) + ")" + descriptor(type));
    }

    /** a, b, c -> a b + c. */
    void fma(DType type) { frame.send(owner(type), "fma", "(" + VECTOR + VECTOR + ")" + descriptor(type)); }

    /** Vector, and what {@code push} pushes -> mask. */
    void compare(DType type, String name, Runnable push) {
        operator(name, "Comparison");
        push.run();
        frame.send(owner(type), "compare", "(L" + OPERATORS + "$Comparison;" + VECTOR + ")" + MASK);
    }

    /** ifFalse, ifTrue, mask -> vector. */
    void blend(DType type) { frame.send(owner(type), "blend", "(" + VECTOR + MASK + ")" + descriptor(type)); }

    void reinterpret(DType from, DType to) {
        String name = switch (to) {
            case F32 -> "reinterpretAsFloats";
            case F64 -> "reinterpretAsDoubles";
            case I32, U32 -> "reinterpretAsInts";
            case I64, U64 -> "reinterpretAsLongs";
            case BF16, F16, I8, I16, U8, U16, BOOL ->
                throw new IllegalStateException("no vector of floats has lanes that narrow");
        };
        frame.send(owner(from), name, "()" + descriptor(to));
    }

    /** Lane by lane, by the conversion {@code name}, to a vector of another length. */
    void convert(DType from, DType to, String name) {
        operator(name, "Conversion");
        species(to);
        frame.constant(0);
        frame.send(owner(from), "convertShape", "(L" + OPERATORS + "$Conversion;" + SPECIES + "I)" + VECTOR);
        frame.out.visitTypeInsn(CHECKCAST, owner(to));
    }

    // masks

    /** Mask, mask -> mask, by {@code name}. */
    void masks(String name) { frame.send(PACKAGE + "VectorMask", name, "(" + MASK + ")" + MASK); }

    void notMask() { frame.send(PACKAGE + "VectorMask", "not", "()" + MASK); }

    void castMask(DType to) {
        species(to);
        frame.send(PACKAGE + "VectorMask", "cast", "(" + SPECIES + ")" + MASK);
    }

    /** Mask -> whether any lane is set. */
    void any() { frame.send(PACKAGE + "VectorMask", "anyTrue", "()Z"); }
}
