package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javelin.conformance.Tolerance.Kind;
import javelin.conformance.jaxpr.Jaxpr;
import javelin.conformance.jaxpr.Primitives;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.Linearize;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/**
 * Cases that are programs: their values, and those of their derivatives and of their batched form, each made by our
 * transformations. Where JAX itself refuses ({@code vjp_error} and the like) there is nothing to compare with.
 */
final class ProgramSuite implements Suite {
    @Override public String group(Case c) {
        return c.suite().equals("programs") ? c.id().replaceFirst("^programs/", "") : c.text("group");
    }

    @Override public void check(Case c, Execution execution) { new Check(c, execution).all(); }

    /** One case being checked: {@code captured} are constants of the program, which come before its arguments. */
    private static final class Check {
        private final Case c;
        private final Execution execution;
        private final Program program;
        private final List<Tensor> captured;
        private final List<Array> arguments;
        private final List<Boolean> differentiated, outputs;
        private final boolean transcendental;
        private Signs signs;                                             // known once the program has been run

        Check(Case c, Execution execution) {
            this.c = c;
            this.execution = execution;
            JsonNode json = c.json().path("program");
            var traced = new Jaxpr(c.json().path("rules"), c::named).trace(json);
            program = traced.program();
            captured = traced.captured();
            arguments = c.arrays("args");
            transcendental = Primitives.isTranscendental(c.json());
            differentiated = mask(arguments.size(), c.indices("diff_in"));
            outputs = mask(program.outputs().size(), c.indices("diff_out"));
        }

        private static List<Boolean> mask(int n, List<Integer> marked) { return Lists.each(n, marked::contains); }

        private <T> List<T> inputs(T ofCaptured, List<T> ofArguments) {
            return Lists.concat(Lists.map(captured, _ -> ofCaptured), ofArguments);
        }

        /** Everything the program takes, then {@code more}. */
        private List<Tensor> inputs(List<Array> more) { return Lists.concat(captured, arguments, more); }

        void all() {
            List<Array> found = Compare.explained("out", () -> run(program, inputs(List.of())));
            signs = signs("out", found);
            compare("out", Kind.PLAIN, () -> signs.times(found, Lists.range(0, found.size())));
            if (c.has("jvp")) compare("jvp", Kind.GRADIENT, this::jvp);
            if (c.has("vjp"))
                compare("vjp", Kind.GRADIENT, () -> run(vjpProgram(), inputs(cotangents())));
            if (c.has("hvp")) compare("hvp", Kind.GRADIENT, this::hvp);
            if (c.has("vmap_out")) compare("vmap_out", Kind.PLAIN, this::vmap);
        }

        private Signs signs(String part, List<Array> found) {
            return Signs.of(c.json().path("program"), c.arrays(part), found);
        }

        private List<Array> cotangents() { return signs.times(c.arrays("cotangents"), c.indices("diff_out")); }

        private List<Array> run(Program p, List<? extends Tensor> in) {
            return execution.run(p, in);
        }

        private List<Array> jvp() {
            var forward = Jvp.of(program, inputs(false, differentiated), outputs);
            List<Array> out = run(forward.program(), inputs(c.arrays("tangents")));
            List<Boolean> has = forward.tangentOutputs();
            List<Integer> marked = Lists.where(Lists.range(0, has.size()), has, true);
            List<Array> tangents = new ArrayList<>();
            for (int i = 0; i < marked.size(); i++)
                if (outputs.get(marked.get(i))) tangents.add(out.get(has.size() + i));
            // JAX differentiates eigh at (a + a^T) / 2, which is another matrix if a is a triangle, with signs of its
            // own
            if (c.text("group").equals("eigh") && tangents.size() == outputs.size()) signs = signs("jvp", tangents);
            return signs.times(tangents, c.indices("diff_out"));
        }

        /** Captured, arguments, cotangents of the marked outputs to cotangents of the marked arguments. */
        private Program vjpProgram() {
            var linear = Linearize.of(program, inputs(false, differentiated));
            List<TensorType> in = program.inputTypes(), out = program.outputTypes();
            return Recorder.trace(Lists.concat(in, Lists.where(out, outputs, true)), v -> {
                List<Tensor> primals = v.subList(0, in.size());
                List<Tensor> results = linear.primal().apply(primals);
                var ct = v.subList(in.size(), v.size()).iterator();
                List<Tensor> cotangents = Lists.each(out.size(), i -> outputs.get(i) ? ct.next()
                        : Tensor.zeros(out.get(i)));
                return linear.pull(results.subList(out.size(), results.size()), cotangents);
            }).closed();
        }

        private List<Array> hvp() {
            Program vjp = vjpProgram();
            List<Boolean> wrt = Lists.concat(inputs(false, differentiated), Lists.falses(Lists.count(outputs))),
                    all = Lists.each(vjp.outputs().size(), _ -> true);
            Program second = Jvp.of(vjp, wrt, all).program();
            List<Array> out = run(second, inputs(Lists.concat(cotangents(), c.arrays("tangents"))));
            return out.subList(all.size(), out.size());
        }

        private List<Array> vmap() {
            List<Array> batches = c.arrays("vmap_args");
            Program batched = Vmap.of(program, inputs(false, Lists.each(batches.size(), _ -> true)),
                    batches.getFirst().size(0));
            List<Array> found = run(batched, Lists.concat(captured, batches));
            return signs("vmap_out", found).times(found, Lists.range(0, found.size()));
        }

        private void compare(String part, Kind kind, Supplier<List<Array>> found) {
            Compare.all(c, part, Tolerance.kind(transcendental, kind == Kind.GRADIENT), c.arrays(part),
                    Compare.explained(part, found));
        }
    }
}
