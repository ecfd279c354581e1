package javelin.conformance;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.nn.Activations;
import javelin.nn.Attention;
import javelin.nn.Dense;
import javelin.nn.Layer;
import javelin.nn.LayerNorm;
import javelin.nn.MultiHeadDotProductAttention;
import javelin.nn.Scope;

/** The modules that cases define for themselves, as a user would. Their names are those of their parameters' paths. */
final class Models {
    private Models() {}

    static UnaryOperator<Tensor> activation(String name) {
        return switch (name) {
            case "relu" -> Activations::relu;
            case "relu6" -> Activations::relu6;
            case "tanh" -> Activations::tanh;
            case "sigmoid" -> Activations::sigmoid;
            case "silu", "swish" -> Activations::silu;
            case "gelu" -> Activations::gelu;
            case "elu" -> Activations::elu;
            case "celu" -> x -> Activations.celu(x, 1);
            case "mish" -> Activations::mish;
            case "squareplus" -> x -> Activations.squareplus(x, 4);
            case "selu" -> Activations::selu;
            case "leaky_relu" -> Activations::leakyRelu;
            case "softplus" -> Activations::softplus;
            case "log_sigmoid" -> Activations::logSigmoid;
            case "soft_sign" -> Activations::softSign;
            case "hard_sigmoid" -> Activations::hardSigmoid;
            case "hard_silu", "hard_swish" -> Activations::hardSilu;
            case "hard_tanh" -> Activations::hardTanh;
            case "softmax" -> Activations::softmax;
            case "log_softmax" -> Activations::logSoftmax;
            default -> throw Failure.unsupported("activation " + name);
        };
    }

    /** Layers of the given widths with an activation between them. */
    record Mlp(List<Integer> features, String activation) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            for (int i = 0; i < features.size(); i++) {
                x = s.call(Dense.of(features.get(i)), x);
                if (i < features.size() - 1) x = Models.activation(activation).apply(x);
            }
            return x;
        }
    }

    /** One layer used twice. */
    record Shared() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            var dense = s.bind(Dense.of(x.size(-1)));
            Tensor h = x;
            Tensor first = dense.call((d, at) -> d.call(at, h));
            return dense.call((d, at) -> d.call(at, Activations.relu(first)));
        }
    }

    /** Blocks one after the other, then a layer called head. */
    record Nested(int blocks) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            for (int i = 0; i < blocks; i++) x = s.call(new Block(), x);
            return s.call("head", Dense.of(2), x);
        }
    }

    /** A residual: {@code x + out(gelu(dense(norm(x))))}. */
    record Block() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor h = s.call(Dense.of(2 * x.size(-1)), s.call(LayerNorm.of(), x));
            return x.add(s.call("out", Dense.of(x.size(-1)), Activations.gelu(h)));
        }
    }

    /** Attention of a sequence to itself up to each position. */
    record CausalAttention(MultiHeadDotProductAttention attention) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor mask = Attention.causalMask(x.index(-1, 0));
            return s.bind(attention).call((a, at) -> a.call(at, x, mask));
        }
    }

    /** {@code "Dense5"} is a layer of five features; anything else is an activation. */
    static List<Layer> named(List<String> names) {
        return Lists.map(names, n -> n.startsWith("Dense") ? Dense.of(Integer.parseInt(n.substring(5)))
                : Layer.of(activation(n)));
    }
}
