package javelin.conformance.jaxpr;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.conformance.Failure;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.ops.Concatenate;
import tools.jackson.databind.JsonNode;

/** The table of primitives: each family adds its own. */
public final class Primitives {
    /** What one primitive is in our words. */
    interface Meaning { List<Tensor> of(Eqn e); }

    /** A primitive with one output. */
    interface Single { Tensor of(Eqn e); }

    private static final Map<String, Meaning> TABLE = table();

    /** Primitives that know what a random key is; all others see each key's two words in turn. */
    private static final Set<String> KEYED = Set.of("random_bits", "random_split", "random_fold_in", "random_seed",
            "random_wrap", "random_unwrap", "random_clone", "random_gamma", "jit", "pjit", "closed_call", "core_call",
            "core_closed_call", "scan", "while", "cond", "remat", "remat2", "checkpoint",
            "custom_jvp_call", "custom_vjp_call");

    /** Functions whose last digits depend on who computes them. */
    private static final Set<String> TRANSCENDENTAL = Set.of("exp", "exp2", "expm1", "log", "log1p", "sin", "cos",
            "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "logistic",
            "erf", "erfc", "erf_inv", "pow", "rsqrt", "cbrt", "lgamma", "digamma", "igamma", "igammac", "igamma_grad_a",
            "random_gamma_grad", "zeta", "polygamma",
            "regularized_incomplete_beta", "bessel_i0e", "bessel_i1e", "cumlogsumexp", "random_gamma", "cholesky",
            "lu", "qr", "svd", "eigh", "eig", "schur", "triangular_solve", "tridiagonal_solve", "custom_linear_solve",
            "householder_product");

    private Primitives() {}

    private static Map<String, Meaning> table() {
        var table = new HashMap<String, Meaning>();
        Elementwise.add(table);
        Shaping.add(table);
        Reducing.add(table);
        Indexing.add(table);
        Windowing.add(table);
        Branching.add(table);
        Ordering.add(table);
        Randomness.add(table);
        LinearAlgebra.add(table);
        return Map.copyOf(table);
    }

    static List<Tensor> apply(Eqn e) {
        Meaning meaning = TABLE.get(e.primitive());
        if (meaning == null) throw Failure.unsupported("primitive " + e.primitive());
        boolean keys = !KEYED.contains(e.primitive()) && e.outTypes().stream().anyMatch(JaxType::isKey);
        return keys ? wordByWord(meaning, e) : meaning.of(e);
    }

    /** Slices, squeezes and the like of keys: done to the first words, to the second words, and put together again. */
    private static List<Tensor> wordByWord(Meaning meaning, Eqn e) {
        List<JaxType> in = e.inTypes(), out = e.outTypes();
        List<List<Tensor>> words = Lists.each(2, w -> {
            List<Tensor> word = Lists.each(in.size(), i -> in.get(i).isKey() ? e.in(i).index(-1, w) : e.in(i));
            return meaning.of(e.with(word, words(in), words(out)));
        });
        return Lists.each(out.size(), i -> out.get(i).isKey() ? pair(words.get(0).get(i), words.get(1).get(i))
                : words.get(0).get(i));
    }

    private static List<JaxType> words(List<JaxType> types) {
        return Lists.map(types, t -> t.isKey() ? JaxType.parse("u32" + t.shape()) : t);
    }

    /** Two words on a new last axis: a key for every element. */
    static Tensor pair(Tensor first, Tensor second) {
        return new Concatenate(first.rank()).apply(first.expandDims(-1), second.expandDims(-1));
    }

    /** Whether the program, or one within it, uses a transcendental function or linear algebra. */
    public static boolean isTranscendental(JsonNode program) {
        for (JsonNode p : program.findValues("p"))
            if (p.isString() && TRANSCENDENTAL.contains(p.asString())) return true;
        return false;
    }

    static Meaning single(Single f) { return e -> List.of(f.of(e)); }
}
