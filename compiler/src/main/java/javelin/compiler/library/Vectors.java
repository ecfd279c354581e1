package javelin.compiler.library;

import jdk.incubator.vector.VectorShape;

/** What vectors this machine has; loaded only where the Vector API is. */
public final class Vectors {
    private Vectors() {}

    public static int preferredBits() { return Math.min(512, VectorShape.preferredShape().vectorBitSize()); }
}
