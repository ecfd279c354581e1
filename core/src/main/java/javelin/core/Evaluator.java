package javelin.core;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Routine;
import javelin.core.lowering.Scalar;
import javelin.core.lowering.Scalars;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The reference meaning of every op: slow, obvious, and the oracle the compiler is tested against. */
public final class Evaluator {
    private final List<Array> inputs;
    private int[] loops;

    private Evaluator(List<Array> inputs) { this.inputs = inputs; }

    /** Evaluates a whole program, equation by equation. */
    public static List<Tensor> evaluate(Program program, List<? extends Tensor> arguments) {
        return program.interpret(List.copyOf(arguments), x -> x,
                (e, in) -> evaluate(e.op(), Lists.map(in, x -> (Array) x)));
    }

    static List<Tensor> evaluate(Op op, List<Array> inputs) {
        return NanWatch.isOn() ? NanWatch.checked(op, inputs, outputs(op, inputs)) : outputs(op, inputs);
    }

    private static List<Tensor> outputs(Op op, List<Array> inputs) {
        if (op instanceof ControlOp control) return control.run(List.copyOf(inputs));
        List<TensorType> in = Lists.map(inputs, Array::type), out = op.outputTypes(in);
        if (op instanceof ComposedOp composed) return evaluate(composed.definition(in), inputs);
        var evaluator = new Evaluator(inputs);
        Lowering lowering = op.lower(in);
        if (lowering instanceof Lowering.Library(Routine routine)) return library(routine, inputs, out);
        return Lists.each(out.size(), k -> evaluator.output(k, out.get(k), lowering));
    }

    private static List<Tensor> library(Routine routine, List<Array> inputs, List<TensorType> out) {
        List<Array> outputs = Lists.map(out, Array::empty);
        Object[] arrays = Lists.concat(inputs, outputs).stream().map(Array::storage).toArray();
        routine.run(arrays, new int[arrays.length], routine.newScratch());
        return List.copyOf(outputs);
    }

    private Tensor output(int k, TensorType type, Lowering lowering) {
        Array result = Array.empty(type);
        DType dtype = type.dtype();
        switch (lowering) {
            case Lowering.Pointwise(var bodies) -> fill(result, () -> value(bodies.get(k)));
            case Lowering.Reduce(var extents, var body, var combine, var identity) -> fill(result, () -> {
                DType wide = body.type();
                Number[] total = {wide.normalize(identity)};
                int[] outer = loops;
                each(outer, extents, () -> total[0] = Scalars.apply(combine, wide, wide,
                        List.of(total[0], value(body))));
                return Scalars.apply(Fn.CONVERT, wide, dtype, List.of(total[0]));
            });
            case Lowering.ArgReduce(int extent, var body, boolean max) ->
                fill(result, () -> firstExtreme(extent, body, max));
            case Lowering.Update(var base, var pieces) -> {
                fill(result, () -> value(base));
                for (var piece : pieces) each(new int[0], piece.extents(), () -> write(result, piece));
            }
            // a copy: if the two shared their storage, donating one would break the other
            case Lowering.Reshape() -> System.arraycopy(inputs.getFirst().storage(), 0, result.storage(), 0,
                    type.elements());
            case Lowering.Control(), Lowering.Library(_) -> throw new IllegalStateException("already done");
        }
        return result;
    }

    private interface Value { Number get(); }

    private void fill(Array result, Value value) {
        int[] next = {0};
        each(new int[0], result.shape().sizes(), () -> {
            int[] here = loops;
            result.set(next[0]++, value.get());
            loops = here;
        });
    }

    /**
     * Runs {@code body} with {@code loops} set to {@code outer} followed by every index within {@code extents},
     * row-major.
     */
    private void each(int[] outer, List<Integer> extents, Runnable body) {
        long count = 1;
        for (int e : extents) count *= e;
        int[] at = IntStream.concat(IntStream.of(outer), IntStream.generate(() -> 0).limit(extents.size())).toArray();
        for (long n = 0; n < count; n++) {
            loops = at;
            body.run();
            for (int d = extents.size() - 1; d >= 0; d--) {
                if (++at[outer.length + d] < extents.get(d)) break;
                at[outer.length + d] = 0;
            }
        }
    }

    private Number firstExtreme(int extent, Scalar body, boolean max) {
        Number[] best = new Number[1];
        long[] index = {0}, r = {0};
        each(loops, List.of(extent), () -> {
            Number x = value(body);
            boolean better = best[0] == null || !isNaN(best[0])
                    && (isNaN(x) || Scalars.apply(max ? Fn.GT : Fn.LT, body.type(), DType.BOOL, List.of(x, best[0]))
                            .longValue() != 0);
            if (better) {
                best[0] = x;
                index[0] = r[0];
            }
            r[0]++;
        });
        return index[0];
    }

    private static boolean isNaN(Number x) { return x instanceof Double d && d.isNaN(); }

    private void write(Array result, Lowering.Piece piece) {
        if (piece.inBounds().isPresent() && value(piece.inBounds().get()).longValue() == 0) return;
        int flat = flat(result, piece.at());
        Number value = value(piece.value());
        DType type = result.type().dtype();
        result.set(flat, piece.combine().isPresent()
                ? Scalars.apply(piece.combine().get(), type, type, List.of(result.get(flat), value)) : value);
    }

    private int flat(Array a, List<Scalar> at) {
        int flat = 0;
        for (int d = 0; d < at.size(); d++) {
            long i = value(at.get(d)).longValue();
            if (i < 0 || i >= a.shape().size(d))
                throw new IllegalStateException("index " + i + " of axis " + d + " of " + a.type());
            flat = flat * a.shape().size(d) + (int) i;
        }
        return flat;
    }

    private Number value(Scalar s) {
        return switch (s) {
            case Scalar.Const(Number v, _) -> v;
            case Scalar.Loop(int axis) -> (long) loops[axis];
            case Scalar.Read(int input, List<Scalar> at, _) -> inputs.get(input).get(flat(inputs.get(input), at));
            case Scalar.Apply(Fn fn, DType type, List<Scalar> args) when fn == Fn.SELECT ->
                    value(value(args.getFirst()).longValue() != 0 ? args.get(1) : args.get(2));
            case Scalar.Apply(Fn fn, DType type, List<Scalar> args) ->
                    Scalars.apply(fn, args.getFirst().type(), type, Lists.map(args, this::value));
        };
    }
}
