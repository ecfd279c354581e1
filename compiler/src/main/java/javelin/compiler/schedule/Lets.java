package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel.Stmt;

/**
 * Computes every node as far outside as it can be: in front of the first statement that needs it, in no loop it does
 * not vary along.
 */
final class Lets {
    private final Code code;

    private Lets(Code code) { this.code = code; }

    static List<Stmt> place(Code code, List<Stmt> body) {
        return new Lets(code).place(body, 0, new HashSet<>(), new HashSet<>());
    }

    private List<Stmt> place(List<Stmt> body, long open, Set<Integer> have, Set<Integer> ended) {
        List<Stmt> placed = new ArrayList<>();
        for (int at = 0; at < body.size(); at++) {
            Stmt s = body.get(at);
            // in the order of their numbers, so parts come first
            Set<Integer> needs = new TreeSet<>();
            collect(s, needs);
            // an output may lie where an input lies: all is read before anything is written
            if (s instanceof Stmt.Store)
                for (int next = at + 1; next < body.size() && body.get(next) instanceof Stmt.Store; next++)
                    collect(body.get(next), needs);
            for (int n : needs) {
                boolean here = !have.contains(n) && (code.axes(n) & ~open) == 0 && ended(n, ended);
                if (!here) continue;
                placed.add(new Stmt.Let(n));
                have.add(n);
            }
            if (s instanceof Stmt.Loop(int axis, int extent, var kind, boolean vector, var inner))
                placed.add(new Stmt.Loop(axis, extent, kind, vector,
                        place(inner, open | 1L << axis, new HashSet<>(have), new HashSet<>(ended))));
            else placed.add(s);
            if (s instanceof Stmt.End(int fold)) ended.add(fold);
        }
        return placed;
    }

    private boolean ended(int n, Set<Integer> ended) {
        for (long folds = code.folds(n); folds != 0; folds &= folds - 1)
            if (!ended.contains(Long.numberOfTrailingZeros(folds))) return false;
        return true;
    }

    private void collect(Stmt s, Set<Integer> needs) {
        switch (s) {
            case Stmt.Loop loop -> loop.body().forEach(b -> collect(b, needs));
            case Stmt.Accumulate(_, int node) -> collect(node, needs);
            case Stmt.Store(_, Address at, int node, _, int guard) -> {
                collect(node, needs);
                if (guard >= 0) collect(guard, needs);
                if (at.dynamic() >= 0) collect(at.dynamic(), needs);
            }
            case Stmt.Let _, Stmt.Begin _, Stmt.End _ -> { }
        }
    }

    private void collect(int n, Set<Integer> needs) {
        if (needs.contains(n)) return;
        switch (code.node(n)) {
            case Node.Apply(_, _, var args) -> args.forEach(a -> collect(a, needs));
            case Node.Load(_, Address at, _) -> { if (at.dynamic() >= 0) collect(at.dynamic(), needs); }
            case Node.Const _, Node.Argument _, Node.Axis _, Node.Fold _ -> { return; }
        }
        needs.add(n);
    }
}
