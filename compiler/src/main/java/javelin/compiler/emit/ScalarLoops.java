package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** Statements of a kernel as plain Java loops, in the shape C2 knows: {@code for (int i = from; i < to; i++)}. */
final class ScalarLoops {
    private final KernelCode in;
    private final Kernel kernel;
    private final Frame frame;
    private final Places places;
    private final ScalarCode scalars;

    ScalarLoops(KernelCode in, Frame frame) {
        this.in = in;
        this.kernel = in.kernel;
        this.frame = frame;
        this.places = in.places(frame);
        this.scalars = in.scalars(frame, places);
    }

    void body(List<Stmt> body) {
        for (Stmt s : body) {
            switch (s) {
                case Stmt.Loop loop -> loop(loop);
                case Stmt.Let(int node) -> scalars.let(node);
                case Stmt.Begin(int f) -> begin(f, kernel.folds().get(f), body);
                case Stmt.Accumulate(int f, int node) -> accumulate(f, kernel.folds().get(f), node);
                case Stmt.End(int f) -> end(f, kernel.folds().get(f));
                case Stmt.Store store -> store(store);
            }
        }
    }

    private void loop(Stmt.Loop loop) {
        Runnable from = loop.kind() == Kind.SERIAL ? () -> frame.constant(0) : () -> frame.load(Name.FIRST);
        Runnable to = loop.kind() == Kind.SERIAL ? () -> places.integer(loop.extent()) : () -> frame.load(Name.LAST);
        if (loop.vector() && !addsToOutside(loop)) in.callLoop(frame, loop, from, to);
        else plainLoop(loop, from, to);
    }

    /** Whether the loop changes a local variable of the method around it, by adding to a reduction begun outside. */
    private boolean addsToOutside(Stmt.Loop loop) {
        Set<Integer> begun = new HashSet<>(), added = new HashSet<>();
        folds(loop.body(), begun, added);
        added.removeAll(begun);
        return added.stream().anyMatch(f -> kernel.folds().get(f).lanes() < 0);
    }

    private static void folds(List<Stmt> body, Set<Integer> begun, Set<Integer> added) {
        for (Stmt s : body) {
            switch (s) {
                case Stmt.Loop loop -> folds(loop.body(), begun, added);
                case Stmt.Begin(int f) -> begun.add(f);
                case Stmt.Accumulate(int f, _) -> added.add(f);
                case Stmt.Let _, Stmt.End _, Stmt.Store _ -> {}
            }
        }
    }

    /** The loop, from and to what the two push, in this method. */
    void plainLoop(Stmt.Loop loop, Runnable from, Runnable to) {
        frame.scope(() -> {
            Label test = new Label(), end = new Label();
            Name axis = Name.axis(loop.axis());
            to.run();
            frame.store(List.of("end of", loop.axis()), Type.INT_TYPE);
            from.run();
            frame.store(axis, Type.INT_TYPE);
            frame.mark(test);
            frame.load(axis);
            frame.load(List.of("end of", loop.axis()));
            frame.jump(IF_ICMPGE, end);
            frame.scope(() -> body(loop.body()));
            frame.increment(axis, 1);
            frame.jump(GOTO, test);
            frame.mark(end);
        });
    }

    // addresses

    /** In front of a loop with a method of its own: adds up the parts of addresses that it does not change. */
    void prepare(Stmt.Loop loop) { prepare(kernel, frame, places, scalars, loop); }

    static void prepare(Kernel kernel, Frame frame, Places places, ScalarCode scalars, Stmt.Loop loop) {
        List<Integer> known = new ArrayList<>();
        for (int axis = 0; axis < Long.SIZE; axis++) {
            if (axis != loop.axis() && frame.has(Name.axis(axis))) known.add(axis);
        }
        places.fix(known, n -> frame.has(Name.register(n)) || kernel.code().node(n) instanceof Node.Argument);
        // what is computed already reads nothing any more
        Set<Integer> seen = new HashSet<>();
        for (int n = 0; n < kernel.code().size(); n++) if (frame.has(Name.register(n))) seen.add(n);
        accesses(kernel, loop, seen, (buffer, at) -> places.prepare(scalars, buffer, at));
    }

    private interface Access {
        void at(int buffer, Address at);
    }

    private static void accesses(Kernel kernel, Stmt s, Set<Integer> seen, Access access) {
        switch (s) {
            case Stmt.Loop loop -> loop.body().forEach(b -> accesses(kernel, b, seen, access));
            case Stmt.Let(int node) -> accesses(kernel, node, seen, access);
            case Stmt.Accumulate(_, int node) -> accesses(kernel, node, seen, access);
            case Stmt.Store store -> {
                accesses(kernel, store.node(), seen, access);
                if (store.guard() >= 0) accesses(kernel, store.guard(), seen, access);
                if (store.at().dynamic() >= 0) accesses(kernel, store.at().dynamic(), seen, access);
                access.at(store.buffer(), store.at());
            }
            case Stmt.Begin _, Stmt.End _ -> {}
        }
    }

    private static void accesses(Kernel kernel, int node, Set<Integer> seen, Access access) {
        if (!seen.add(node)) return;
        switch (kernel.code().node(node)) {
            case Node.Load(int buffer, Address at, _) -> {
                if (at.dynamic() >= 0) accesses(kernel, at.dynamic(), seen, access);
                access.at(buffer, at);
            }
            case Node.Apply(_, _, List<Integer> arguments) -> arguments.forEach(a -> accesses(kernel, a, seen, access));
            case Node.Const _, Node.Argument _, Node.Axis _, Node.Fold _ -> {}
        }
    }

    // reductions

    private void begin(int f, Fold fold, List<Stmt> body) {
        Type element = Frame.element(fold.type());
        if (fold.lanes() >= 0 && body.stream().anyMatch(s -> s instanceof Stmt.Loop l && l.axis() == fold.lanes()
            && in.inVectors(l))) {
            // as wide as they are read: a wide read of several narrow writes waits for all of them
            int lanes = Math.min(Kernel.LANES, in.vectorBits / Byte.SIZE / fold.type().bytes());
            VectorApi api = new VectorApi(frame, lanes);
            for (int at = 0; at < Kernel.LANES; at += lanes) {
                api.broadcast(fold.type(), () -> KernelCode.identity(frame, fold));
                frame.load(Name.scratch(f));
                frame.constant(at);
                api.store(fold.type());
            }
        } else if (fold.lanes() >= 0) {
            frame.load(Name.scratch(f));
            KernelCode.identity(frame, fold);
            String e = fold.type().storage().getComponentType().descriptorString();
            frame.call("java/util/Arrays", "fill", "([" + e + e + ")V");
        } else if (fold.isArg()) {
            frame.constant(worst(fold), fold.type());
            frame.store(Name.best(f), element);
            frame.constant(0);
            frame.store(Name.fold(f), Type.INT_TYPE);
        } else {
            KernelCode.identity(frame, fold);
            frame.store(Name.fold(f), element);
        }
    }

    /** What no value is beaten by; the index is 0 until one is better. */
    private static Number worst(Fold fold) {
        boolean largest = fold.combine() == Fn.GT;
        return largest ? fold.type().lowest() : fold.type().highest();
    }

    private void accumulate(int f, Fold fold, int node) {
        if (fold.isArg()) {
            keepBest(f, fold, node);
        } else if (fold.lanes() < 0) {
            frame.load(Name.fold(f));
            scalars.push(node);
            ScalarOps.plain(frame, fold.combine(), fold.type());
            frame.store(Name.fold(f), Frame.element(fold.type()));
        } else {
            frame.load(Name.scratch(f));
            frame.load(Name.axis(fold.lanes()));
            frame.constant(Kernel.LANES - 1);
            frame.op(IAND);
            frame.op(DUP2);
            ScalarOps.load(frame, fold.type());
            scalars.push(node);
            ScalarOps.plain(frame, fold.combine(), fold.type());
            ScalarOps.store(frame, fold.type());
        }
    }

    /** NaN is better than any number, and nothing is better than NaN. */
    private void keepBest(int f, Fold fold, int node) {
        Label better = new Label(), end = new Label();
        DType type = fold.type();
        if (type.isFloat()) {
            unlessEqual(() -> frame.load(Name.best(f)), type, end);
            unlessEqual(() -> scalars.push(node), type, better);
        }
        scalars.push(node);
        flip(type);
        frame.load(Name.best(f));
        flip(type);
        ScalarOps.jumpUnless(frame, fold.combine(), type, end);
        frame.mark(better);
        scalars.push(node);
        frame.store(Name.best(f), Frame.element(type));
        frame.load(Name.axis(fold.along()));
        frame.store(Name.fold(f), Type.INT_TYPE);
        frame.mark(end);
    }

    /** Jumps if a number is not equal to itself. */
    private void unlessEqual(Runnable push, DType type, Label to) {
        push.run();
        push.run();
        ScalarOps.jumpUnless(frame, Fn.EQ, type, to);
    }

    private void flip(DType type) { if (type == DType.U32) ScalarOps.flip(frame); }

    private void end(int f, Fold fold) {
        if (fold.lanes() < 0) return;
        frame.load(Name.scratch(f));
        in.callTree(frame, f);
        frame.store(Name.fold(f), Frame.element(fold.type()));
    }

    // stores

    private void store(Stmt.Store s) {
        Label end = new Label();
        if (s.guard() >= 0) scalars.jumpUnless(s.guard(), end);
        frame.load(Name.buffer(s.buffer()));
        places.push(scalars, s.buffer(), s.at());
        DType type = kernel.buffers().get(s.buffer()).type();
        Optional<Fn> combine = s.combine();
        if (combine.isPresent()) {
            frame.op(DUP2);
            ScalarOps.load(frame, type);
            scalars.push(s.node());
            ScalarOps.plain(frame, combine.get(), type);
        } else {
            scalars.push(s.node());
        }
        ScalarOps.store(frame, type);
        frame.mark(end);
    }
}
