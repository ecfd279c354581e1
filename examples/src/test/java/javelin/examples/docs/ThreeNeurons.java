package javelin.examples.docs;

import static javelin.Transforms.explain;
import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.Control;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Linearize;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/** The example that docs/how-it-works.md follows, and the texts it shows: {@link #stages}. */
final class ThreeNeurons {
    private ThreeNeurons() {}

    // begin code
    record Neurons(Tensor weights, Tensor biases) {}

    static final Tensor X = Key.of(0).normal(TensorType.f32(256, 8));       // 256 examples of 8 numbers
    static final Tensor Y = Key.of(1).uniform(TensorType.f32(256, 3));      // what 3 neurons should say to each

    static Tensor loss(Neurons n) {
        Tensor answers = X.matmul(n.weights()).add(n.biases()).tanh();
        return answers.sub(Y).square().sum();
    }

    static final Neurons START = new Neurons(Tensor.zeros(TensorType.f32(8, 3)), Tensor.zeros(TensorType.f32(3)));
    static final Function<Neurons, Neurons> GRADIENT = jit(grad(ThreeNeurons::loss));
    // end code

    /** Heron's square root, a loop over one number. */
    static Tensor root(Tensor x) {
        // begin loop
        return Control.foriLoop(0, 50, (i, y) -> y.add(x.div(y)).mul(0.5), x);
        // end loop
    }

    /** What every block of the document must show, by name, except those that are code. */
    static Map<String, String> stages() {
        Map<String, String> texts = new LinkedHashMap<>();
        Program traced = program(ThreeNeurons::loss, START);
        texts.put("tree", Trees.flatten(START).def() + "\n" + Trees.flatten(START).types());
        texts.put("traced", traced.toString());
        var linear = Linearize.of(traced, List.of(false, false, true, true));    // with respect to weights and biases
        texts.put("tangent", linear.tangent().toString());
        String explained = explain(grad(ThreeNeurons::loss), START);
        for (String name : List.of("program", "simplified", "groups", "kernels and driver", "memory"))
            texts.put(name, section(explained, name));
        texts.put("gradient", GRADIENT.apply(START).biases().toString());
        texts.put("loop driver", section(explain((Tensor x) -> root(x), Array.scalar(2.0)), "kernels and driver"));
        return texts;
    }

    private static String section(String explained, String name) {
        String title = "== " + name + "\n";
        int from = explained.indexOf(title) + title.length(), to = explained.indexOf("\n== ", from);
        return explained.substring(from, to < 0 ? explained.length() : to).stripTrailing();
    }
}
