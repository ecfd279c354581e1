// Hot: every call of a compiled function passes here.
package javelin.compiler.run;

import java.util.concurrent.atomic.AtomicReferenceArray;
import javelin.core.Executable;

/** A compiled program: hands every call a workspace nobody else has, and keeps it for the next. */
public final class Workspaces implements Executable {
    private static final int KEPT = 16;

    private final Workspace first;
    private final AtomicReferenceArray<Workspace> idle = new AtomicReferenceArray<>(KEPT);

    public Workspaces(Workspace first) {
        this.first = first;
        idle.set(0, first);
    }

    @Override public void run(Object[] inputs, Object[] outputs) {
        int slot = (int) Thread.currentThread().threadId() & KEPT - 1;
        Workspace mine = idle.getAndSet(slot, null);
        if (mine == null) mine = idle.getAndSet(0, null);
        if (mine == null) mine = first.another();
        mine.run(inputs, outputs);
        idle.set(slot, mine);
    }
}
