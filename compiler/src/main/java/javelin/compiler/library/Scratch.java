package javelin.compiler.library;

import java.lang.foreign.MemorySegment;
import javelin.compiler.emit.PanelMemory;

/** Native memory for packed operands, 64-byte aligned, freed with the object. One caller at a time. */
public final class Scratch {
    private static final Scratch NONE = new Scratch(MemorySegment.NULL);

    private final MemorySegment memory;

    private Scratch(MemorySegment memory) { this.memory = memory; }

    public static Scratch of(long bytes) { return bytes == 0 ? NONE : new Scratch(PanelMemory.allocate(bytes)); }

    long address() { return memory.address(); }
}
