package javelin.compiler.emit;

/** What a local variable of a kernel's method holds. Names that methods share are their parameters, in this order. */
record Name(Kind kind, int index) implements Comparable<Name> {
    enum Kind {
        BUFFER, OFFSET, ARGUMENT, INTEGER, SCRATCH,
        /** The index of a loop. */
        AXIS,
        /** A node computed by a {@code Let}. */
        REGISTER,
        /** The value of a reduction, so far or at its end. */
        FOLD,
        /** The best value so far of a reduction that gives an index. */
        BEST,
        /** Where a loop begins, and the end it does not reach. */
        FROM, TO
    }

    static final Name FIRST = new Name(Kind.FROM, 0), LAST = new Name(Kind.TO, 0);

    static Name buffer(int b) { return new Name(Kind.BUFFER, b); }

    static Name offset(int b) { return new Name(Kind.OFFSET, b); }

    static Name argument(int a) { return new Name(Kind.ARGUMENT, a); }

    static Name integer(int i) { return new Name(Kind.INTEGER, i); }

    static Name scratch(int fold) { return new Name(Kind.SCRATCH, fold); }

    static Name axis(int axis) { return new Name(Kind.AXIS, axis); }

    static Name register(int node) { return new Name(Kind.REGISTER, node); }

    static Name fold(int fold) { return new Name(Kind.FOLD, fold); }

    static Name best(int fold) { return new Name(Kind.BEST, fold); }

    @Override public int compareTo(Name that) {
        int byKind = kind.compareTo(that.kind);
        return byKind != 0 ? byKind : Integer.compare(index, that.index);
    }
}
