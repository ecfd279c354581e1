package javelin.core.ops;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.core.Atom;
import javelin.core.Equation;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * A place in an op's types where another element type could stand: the inputs that share one, which the programs within
 * the op share too, or a parameter that is a type.
 *
 * @param name the first of the inputs, or the parameter's name
 */
record Slot(String name, DType dtype) {
    /** The slots of a case, each with the type that is in it now. */
    static List<Slot> of(OpCase c) {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < c.types().size(); i++) {
            DType t = c.types().get(i).dtype();
            if (slots.stream().noneMatch(s -> s.dtype == t)) slots.add(new Slot("input " + i, t));
        }
        for (RecordComponent p : c.op().getClass().getRecordComponents())
            typeIn(valueOf(c.op(), p)).ifPresent(t -> slots.add(new Slot(p.getName(), t)));
        return slots;
    }

    boolean isInput() { return name.startsWith("input"); }

    /** The case's op and input types with {@code to} in this slot, if there can be such an op and it takes them. */
    Optional<Typed> at(OpCase c, DType to) {
        UnaryOperator<DType> there = t -> t == dtype ? to : t;
        try {
            Op op = isInput() ? (Op) rebuilt(c.op(), (p, v) -> typeIn(v).isPresent() ? v : retyped(v, there))
                    : (Op) rebuilt(c.op(), (p, v) -> p.getName().equals(name) ? retyped(v, there) : v);
            List<TensorType> in = isInput() ? Lists.map(c.types(), t -> t.withDType(there.apply(t.dtype())))
                    : c.types();
            return Optional.of(new Typed(op, in, op.outputTypes(in)));
        } catch (JavelinException refused) {
            return Optional.empty();
        }
    }

    /** An op with inputs it accepts. */
    record Typed(Op op, List<TensorType> in, List<TensorType> out) {}

    private static Optional<DType> typeIn(Object parameter) {
        return switch (parameter) {
            case DType t -> Optional.of(t);
            case TensorType t -> Optional.of(t.dtype());
            case Optional<?> o -> o.flatMap(Slot::typeIn);
            default -> Optional.empty();
        };
    }

    private static Object retyped(Object x, UnaryOperator<DType> to) {
        return switch (x) {
            case DType t -> to.apply(t);
            case TensorType t -> t.withDType(to.apply(t.dtype()));
            case Optional<?> o -> o.map(v -> retyped(v, to));
            case List<?> l -> l.stream().map(v -> retyped(v, to)).toList();
            case Program p -> checked(new Program(Lists.map(p.inputs(), v -> (Atom.Var) retyped(v, to)),
                    Lists.map(p.equations(), e -> (Equation) retyped(e, to)),
                    Lists.map(p.outputs(), a -> (Atom) retyped(a, to))));
            case Record r -> rebuilt(r, (_, v) -> retyped(v, to));
            default -> x;
        };
    }

    /** A program whose ops give what is written down for them. */
    private static Program checked(Program p) {
        for (Equation e : p.equations()) {
            List<TensorType> given = e.op().outputTypes(Lists.map(e.inputs(), Atom::type));
            if (!given.equals(Lists.map(e.outputs(), Atom.Var::type)))
                throw new JavelinException(e + " gives " + given + "; take other types");
        }
        return p;
    }

    private interface Change { Object of(RecordComponent parameter, Object value); }

    private static Object rebuilt(Object r, Change change) {
        return Trees.record(r.getClass(), p -> change.of(p, valueOf(r, p)));
    }

    private static Object valueOf(Object r, RecordComponent parameter) {
        try {
            var accessor = parameter.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(r);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(r + " hides its " + parameter, e);
        }
    }
}
