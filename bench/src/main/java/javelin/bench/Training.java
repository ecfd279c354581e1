package javelin.bench;

import static javelin.Transforms.jit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javelin.Control;
import javelin.Tensors;
import javelin.bench.Workload.Repeated;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.nn.Activations;

/** Whole training steps: loss, gradient and Adam, the state fed back. */
final class Training {
    static final List<Workload> ALL = List.of(
            new Repeated("xor_step", Training::xorStep),
            new Repeated("xor_2000_steps_in_one_scan", Training::xorSteps),
            new Repeated("mlp_step", Training::mlpStep),
            new Repeated("transformer_step", Training::transformerStep));

    private Training() {}

    /** Inputs and what is to come out. */
    record Batch(Tensor x, Tensor y) {}

    // the exclusive or, by a network of 2, 8 and 1

    record Xor(Tensor w1, Tensor b1, Tensor w2, Tensor b2) {
        static final Batch BATCH = new Batch(Array.f32(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}),
                Array.f32(new float[][] {{0}, {1}, {1}, {0}}));

        static Xor of(Inputs in) {
            return new Xor(in.f32(2, 8), Tensor.zeros(TensorType.f32(8)), in.f32(8, 1),
                    Tensor.zeros(TensorType.f32(1)));
        }

        Tensor loss(Batch batch) {
            Tensor hidden = batch.x().matmul(w1).add(b1).tanh();
            return Activations.sigmoid(hidden.matmul(w2).add(b2)).sub(batch.y()).square().mean();
        }
    }

    static Supplier<Tensor> xorStep(Inputs in) { return new Adam<>(Xor::loss, 0.05).loop(Xor.of(in), Xor.BATCH); }

    static Supplier<?> xorSteps(Inputs in) {
        record State(Xor parameters, Adam.State<Xor> adam) {}
        var adam = new Adam<>(Xor::loss, 0.05);
        var f = jit((Xor p) -> Control.scan((State s) -> {
            var next = adam.step(s.parameters(), s.adam(), Xor.BATCH);
            return new Control.Step<>(new State(next.parameters(), next.state()), next.loss());
        }, new State(p, adam.init(p)), 2000));
        Xor p = Xor.of(in);
        return () -> f.apply(p);
    }

    // 784-512-256-10, relu, softmax cross entropy, batch 128

    record Dense(Tensor w, Tensor b) {
        Tensor of(Tensor x) { return x.matmul(w).add(b); }
    }

    /** Layers of 784, 512, 256 and 10, weights of the given variance times 2 / inputs. */
    static List<Dense> mlp(Inputs in, boolean scaled) {
        int[] sizes = {784, 512, 256, 10};
        List<Dense> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++)
            layers.add(new Dense(in.f32(scaled ? Math.sqrt(2.0 / sizes[i]) : 1, sizes[i], sizes[i + 1]),
                    Tensor.zeros(TensorType.f32(sizes[i + 1]))));
        return layers;
    }

    static Batch digits(Inputs in) { return new Batch(in.f32(128, 784), in.integers(0, 10, 128)); }

    static Tensor mlpLoss(List<Dense> layers, Batch batch) {
        Tensor x = batch.x();
        for (Dense layer : layers.subList(0, layers.size() - 1)) x = Activations.relu(layer.of(x));
        return crossEntropy(layers.getLast().of(x), batch.y());
    }

    /** The mean over all labels of minus the log-probability the logits' last axis gives them. */
    static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return Activations.logSoftmax(logits).takeAlongAxis(labels.expandDims(-1), -1).mean().neg();
    }

    static Supplier<Tensor> mlpStep(Inputs in) {
        List<Dense> layers = mlp(in, true);
        return new Adam<>(Training::mlpLoss, 1e-3).loop(layers, digits(in));
    }

    // a character model: 2 layers, width 128, 4 heads, 64 tokens, batch 16, vocabulary 96, pre-norm, gelu

    record Block(Tensor g1, Tensor qkv, Tensor o, Tensor g2, Tensor u, Tensor d) {}

    record Transformer(Tensor embedding, Tensor position, List<Block> blocks, Tensor g) {
        static final int WIDTH = 128, HEADS = 4, TOKENS = 64, BATCH = 16, VOCABULARY = 96;

        static Transformer of(Inputs in) {
            Tensor embedding = matrix(in, VOCABULARY, WIDTH), position = matrix(in, TOKENS, WIDTH);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < 2; i++)
                blocks.add(new Block(gains(), matrix(in, WIDTH, 3 * WIDTH), matrix(in, WIDTH, WIDTH), gains(),
                        matrix(in, WIDTH, 4 * WIDTH), matrix(in, 4 * WIDTH, WIDTH)));
            return new Transformer(embedding, position, blocks, gains());
        }

        private static Tensor matrix(Inputs in, int rows, int columns) { return in.f32(0.02, rows, columns); }

        private static Tensor gains() { return Tensors.ones(TensorType.f32(WIDTH)); }

        Tensor loss(Batch batch) {
            Tensor h = embedding.take(batch.x(), 0).add(position);
            for (Block block : blocks) {
                h = h.add(attention(norm(h, block.g1()).matmul(block.qkv())).matmul(block.o()));
                h = h.add(Activations.gelu(norm(h, block.g2()).matmul(block.u())).matmul(block.d()));
            }
            return crossEntropy(norm(h, g).matmul(embedding.transpose()), batch.y());
        }

        private static Tensor norm(Tensor x, Tensor gains) {
            Tensor centred = x.sub(x.keep(x.mean(-1), -1));
            return centred.mul(x.keep(centred.square().mean(-1), -1).add(1e-5).rsqrt()).mul(gains);
        }

        private static Tensor attention(Tensor qkv) {
            int size = WIDTH / HEADS;
            List<Tensor> heads = qkv.split(3, -1).stream()
                    .map(a -> a.reshape(BATCH, TOKENS, HEADS, size).transpose(0, 2, 1, 3)).toList();
            Tensor scores = heads.get(0).matmul(heads.get(1).swapAxes(-1, -2)).mul(Math.pow(size, -0.5));
            Tensor causal = Tensors.tri(TOKENS).where(scores, scores.like(-1e30));
            return Activations.softmax(causal).matmul(heads.get(2)).transpose(0, 2, 1, 3).reshape(BATCH, TOKENS, WIDTH);
        }
    }

    static Supplier<Tensor> transformerStep(Inputs in) {
        Transformer model = Transformer.of(in);
        Tensor x = in.integers(0, Transformer.VOCABULARY, Transformer.BATCH, Transformer.TOKENS);
        Tensor y = in.integers(0, Transformer.VOCABULARY, Transformer.BATCH, Transformer.TOKENS);
        return new Adam<>(Transformer::loss, 1e-3).loop(model, new Batch(x, y));
    }
}
