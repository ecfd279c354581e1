package javelin.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javelin.core.Array;
import javelin.core.tree.Trees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ours and the peer's workloads compute the same: numbers of jax_workloads.py under JAX 0.10.2, each workload from a
 * fresh RandomState(0). Tolerances are relative to the largest number compared: what the sums and products that lead
 * there may round, in f32 a few parts in a million and after training a few more, in f64 ten digits.
 */
class WorkloadsTest {
    /** The first numbers of tensor {@code leaf} of the result of a run. */
    record Expected(String workload, int leaf, double tolerance, double... numbers) {
        @Override public String toString() { return workload + " " + leaf; }
    }

    static Stream<Expected> expected() {
        double f32 = 3e-6, f64 = 1e-10;
        return Stream.of(
                new Expected("dispatch_10_arguments", 0, f32, 3.257774829864502, -5.796457290649414,
                        -3.3302199840545654),
                new Expected("lstm_gradient", 0, f32, 0.018278757110238075),
                new Expected("lstm_gradient", 1, 2e-4, -2.130782559106592e-05, -1.1599772733461577e-05,
                        1.5694608009653166e-05),
                new Expected("lstm_gradient", 3, 2e-4, 0.00026209591305814683, 0.00022644776618108153,
                        0.00022543950763065368),
                new Expected("rk4_lorenz_gradient_1000_steps_f64", 0, f64, -1.883829156668822, -1.5497124162166764,
                        1.366297514623376),
                // the peer in f64: in f32 its 614 steps are 3.5e-5 off
                new Expected("scan_of_60_scalar_carries_gradient", 1, 1e-5, 0.440505031500627),
                new Expected("newton_while_vmapped_f64", 0, f64, 740.8197858547117, 845.6888619244392,
                        776.3786275447488),
                new Expected("black_scholes_greeks_1m", 0, 1e-5, 0.5274768471717834, 0.4030035138130188,
                        0.4524014890193939),
                new Expected("black_scholes_greeks_1m", 1, 1e-5, 39.42119216918945, 47.307212829589844,
                        25.225292205810547),
                new Expected("black_scholes_greeks_1m", 2, 1e-5, 8.683225631713867, 4.102400302886963,
                        15.870912551879883),
                new Expected("monte_carlo_heston_gradient_f64", 0, f64, 0.07667921418618287),
                new Expected("monte_carlo_heston_gradient_f64", 1, f64,
                        0.0014982987962448764, 0.5852080873100948, -0.02089175059606342, 0.0022089924367109355,
                                0.4360547868565783),
                new Expected("hessian_64_f64", 0, f64, 3576.1939318299337, -705.6209383870656, 0.0),
                new Expected("fused_map_1m", 0, f32, 3.7566628456115723, 2.0013246536254883, 2.9021451473236084),
                new Expected("gelu_1m", 0, f32, 1.6954069137573242, 0.26228734850883484, 0.818221926689148),
                new Expected("softmax_1024", 0, f32, 0.003669010940939188, 0.0009380303090438247,
                        0.0016729822382330894),
                new Expected("layer_norm_1024", 0, f32, 1.8361133337020874, 0.4510263204574585, 1.0385969877243042),
                new Expected("sum_columns_2048", 0, f32, 85.78981018066406, -42.62303924560547, -24.272872924804688),
                new Expected("gemm_64", 0, f32, 8.88769245147705, 5.983814239501953, -4.889814853668213),
                new Expected("attention_8x256x64", 0, f32, 0.17490079998970032, 0.022303735837340355,
                        -0.12009983509778976),
                new Expected("conv_32x56x56x64_3x3", 0, f32, -6.998622894287109, -20.462478637695312,
                        -10.156652450561523),
                new Expected("depthwise_conv_32x56x56x64", 0, f32, 2.280036449432373, 1.1596019268035889,
                        -0.2608586847782135),
                new Expected("segment_sum_1m", 0, 2e-5, 46.891822814941406, 8.596720695495605, -0.39920318126678467),
                new Expected("gather_rows_100k", 0, 0, -0.25460687279701233f, -0.479960560798645f,
                        -1.8969695568084717f),
                new Expected("embedding_gradient", 0, f32, 7.056209564208984, 1.6006288528442383, 3.914952039718628),
                new Expected("kalman_gradient_f64", 0, 1e-9, 244.3957319635654),
                new Expected("kalman_gradient_f64", 1, 1e-9, -1081.09866901653),
                new Expected("solve_3x3_10000", 0, 1e-5, 0.0019709791522473097, 0.29660680890083313,
                        -0.011777251958847046),
                new Expected("cholesky_512_f64", 0, f64, 31.9881622118564, 0.0, 0.0),
                new Expected("random_uniform_1m", 0, 0, 0.9476670026779175, 0.9785798788070679, 0.33229148387908936),
                new Expected("random_normal_1m", 0, f32, 1.622642159461975, 2.0252647399902344, -0.4335944354534149));
    }

    @ParameterizedTest @MethodSource("expected")
    void theFirstNumbersAreThePeers(Expected expected) {
        Object result = prepared(expected.workload()).get();
        close(expected.workload(), expected.numbers(), Trees.leaves(result).get(expected.leaf()).array(),
                expected.tolerance());
    }

    /** The loss before, after one and after two steps of Adam. */
    static Stream<Expected> losses() {
        return Stream.of(
                new Expected("xor_step", 0, 3e-6, 0.4419383108615875, 0.39888331294059753, 0.35923710465431213),
                new Expected("mlp_step", 0, 2e-5, 3.0259780883789062, 1.4389536380767822, 0.5945647954940796),
                new Expected("cnn_step", 0, 2e-5, 7.729494571685791, 8.326237678527832, 11.340398788452148),
                new Expected("transformer_step", 0, 2e-5, 4.594701290130615, 4.3710832595825195, 4.193190574645996));
    }

    @ParameterizedTest @MethodSource("losses")
    void trainingGoesAsThePeers(Expected expected) {
        Supplier<?> step = prepared(expected.workload());
        double[] losses = Stream.generate(step).limit(expected.numbers().length)
                .mapToDouble(loss -> ((Array) loss).item()).toArray();
        close(expected.workload(), expected.numbers(), Array.f64(losses), expected.tolerance());
    }

    /** 2,000 steps in one scan: the losses of its first two, and a fit as good as the peer's 9.33e-6. */
    @Test void theScanTrainsAsFarAsThePeer() {
        List<?> leaves = Trees.leaves(prepared("xor_2000_steps_in_one_scan").get());
        Array losses = (Array) leaves.getLast();
        close("losses", new double[] {0.4419383108615875, 0.39888331294059753}, losses, 3e-6);
        assertEquals(9.33e-6, losses.get(1999).doubleValue(), 1e-7);
    }

    @Test void everyBarIsOfAWorkload() {
        long bars = Workloads.ALL.stream().filter(w -> Workloads.bar(w.name()).isPresent()).count();
        assertEquals(33, bars);
        assertEquals(Workloads.ALL.size(), Workloads.ALL.stream().map(Workload::name).distinct().count());
    }

    private static Supplier<?> prepared(String name) {
        return Workloads.where(name::equals).getFirst().prepare().apply(new Inputs());
    }

    private static void close(String what, double[] expected, Array found, double tolerance) {
        double largest = 0;
        for (double x : expected) largest = Math.max(largest, Math.abs(x));
        for (int i = 0; i < expected.length; i++) {
            double x = found.get(i).doubleValue();
            int at = i;
            assertTrue(Math.abs(x - expected[i]) <= tolerance * largest,
                    () -> what + "[" + at + "] is " + x + ", the peer has " + expected[at]);
        }
    }
}
