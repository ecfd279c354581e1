package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import javelin.Convolution;
import javelin.Padding;
import javelin.Windows;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.nn.Activations;

/** Convolutions of images, channels last, and a network of them. */
final class Convolutions {
    static final List<Workload> ALL = List.of(
            convolution("conv_32x56x56x64_3x3", 1),
            convolution("depthwise_conv_32x56x56x64", 64),
            new Repeated("cnn_step", Convolutions::cnnStep));

    private Convolutions() {}

    private static Workload convolution(String name, int groups) {
        return new Repeated(name, in -> {
            var f = jit((Tensor x, Tensor kernel) -> Convolution.SAME.groups(groups).apply(x, kernel));
            Tensor x = in.f32(32, 56, 56, 64), kernel = in.f32(3, 3, 64 / groups, 64);
            return () -> f.apply(x, kernel);
        });
    }

    /**
     * 28x28x1: convolution 3x3x32, relu, max pool 2x2, convolution 3x3x64, relu, max pool 2x2, dense 256, relu, dense
     * 10.
     */
    record Cnn(Tensor k1, Tensor b1, Tensor k2, Tensor b2, Training.Dense dense, Training.Dense last) {
        static final int BATCH = 64, FLAT = 3136, HIDDEN = 256, CLASSES = 10;

        static Cnn of(Inputs in) {
            return new Cnn(kernel(in, 3, 3, 1, 32), zeros(32), kernel(in, 3, 3, 32, 64), zeros(64),
                    new Training.Dense(kernel(in, FLAT, HIDDEN), zeros(HIDDEN)),
                            new Training.Dense(kernel(in, HIDDEN, CLASSES), zeros(CLASSES)));
        }

        /** Of variance 2 / inputs. */
        private static Tensor kernel(Inputs in, int... sizes) {
            int inputs = 1;
            for (int i = 0; i + 1 < sizes.length; i++) inputs *= sizes[i];
            return in.f32(Math.sqrt(2.0 / inputs), sizes);
        }

        private static Tensor zeros(int n) { return Tensor.zeros(TensorType.f32(n)); }

        Tensor loss(Training.Batch batch) {
            Tensor h = pool(Activations.relu(Convolution.SAME.apply(batch.x(), k1).add(b1)));
            h = pool(Activations.relu(Convolution.SAME.apply(h, k2).add(b2))).reshape(BATCH, -1);
            return Training.crossEntropy(last.of(Activations.relu(dense.of(h))), batch.y());
        }

        private static Tensor pool(Tensor x) {
            List<Integer> twos = List.of(1, 2, 2, 1);
            return Windows.max(x, Windows.of(x, twos, twos, Padding.VALID));
        }
    }

    static Supplier<Tensor> cnnStep(Inputs in) {
        Cnn model = Cnn.of(in);
        return new Adam<>(Cnn::loss, 1e-3).loop(model,
                new Training.Batch(in.f32(Cnn.BATCH, 28, 28, 1), in.integers(0, Cnn.CLASSES, Cnn.BATCH)));
    }
}
