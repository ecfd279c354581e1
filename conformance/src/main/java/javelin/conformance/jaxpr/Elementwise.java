package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javelin.Special;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.ops.Bitcast;
import javelin.core.ops.IgammaGradA;
import javelin.core.ops.IntegerPow;
import javelin.core.ops.Polygamma;
import javelin.core.ops.RandomGammaGrad;
import javelin.core.ops.ReducePrecision;
import javelin.core.type.DType;

/** Primitives that work element by element. */
final class Elementwise {
    private Elementwise() {}

    static void add(Map<String, Meaning> table) {
        arithmetic(table);
        transcendental(table);
        logic(table);
        identities(table);
    }

    private static void unary(Map<String, Meaning> table, String name, UnaryOperator<Tensor> f) {
        table.put(name, single(e -> f.apply(e.in(0))));
    }

    /** Shapes are equal, or one input is a scalar. */
    private static void binary(Map<String, Meaning> table, String name, BinaryOperator<Tensor> f) {
        table.put(name, single(e -> f.apply(e.in(0), e.in(1)).broadcastTo(e.out(0).shape())));
    }

    private static void arithmetic(Map<String, Meaning> table) {
        binary(table, "add", Tensor::add);
        binary(table, "add_any", Tensor::add);
        binary(table, "sub", Tensor::sub);
        binary(table, "mul", Tensor::mul);
        binary(table, "div", Tensor::div);
        binary(table, "rem", Tensor::rem);
        binary(table, "max", Tensor::maximum);
        binary(table, "min", Tensor::minimum);
        unary(table, "neg", Tensor::neg);
        unary(table, "abs", Tensor::abs);
        unary(table, "sign", Tensor::sign);
        unary(table, "square", Tensor::square);
        unary(table, "floor", Tensor::floor);
        unary(table, "ceil", Tensor::ceil);
        table.put("round", single(e -> {
            String method = e.text("rounding_method", "0");
            return method.equals("1") || method.endsWith("TO_NEAREST_EVEN") ? e.in(0).round()
                    : roundedAwayFromZero(e.in(0));
        }));
        table.put("integer_pow", single(e -> new IntegerPow(e.integer("y")).apply(e.in(0))));
        table.put("pow", single(e -> {
            Tensor x = e.in(0), y = e.in(1).astype(x.dtype());
            return x.pow(y).broadcastTo(e.out(0).shape());
        }));
        table.put("clamp", single(e -> {
            Tensor low = e.in(0), x = e.in(1), high = e.in(2);
            return x.clip(low, high);
        }));
    }

    /**
     * Halves go away from zero. The part after the point decides: adding a half and cutting would round 0.49999997f
     * up.
     */
    private static Tensor roundedAwayFromZero(Tensor x) {
        Tensor size = x.abs().stopGradient(), whole = size.floor();
        Tensor rounded = size.sub(whole).ge(0.5).where(whole.add(1), whole);
        return x.lt(0).where(rounded.neg(), rounded);
    }

    private static void transcendental(Map<String, Meaning> table) {
        unary(table, "exp", Tensor::exp);
        unary(table, "exp2", Tensor::exp2);
        unary(table, "expm1", Tensor::expm1);
        unary(table, "log", Tensor::log);
        unary(table, "log1p", Tensor::log1p);
        unary(table, "sqrt", Tensor::sqrt);
        unary(table, "rsqrt", Tensor::rsqrt);
        unary(table, "sin", Tensor::sin);
        unary(table, "cos", Tensor::cos);
        unary(table, "tan", Tensor::tan);
        unary(table, "asin", Tensor::asin);
        unary(table, "acos", Tensor::acos);
        unary(table, "atan", Tensor::atan);
        binary(table, "atan2", Tensor::atan2);
        unary(table, "cbrt", Tensor::cbrt);
        unary(table, "tanh", Tensor::tanh);
        unary(table, "logistic", Tensor::logistic);
        unary(table, "erf", Tensor::erf);
        unary(table, "erf_inv", Tensor::erfInv);
        unary(table, "sinh", Tensor::sinh);
        unary(table, "cosh", Tensor::cosh);
        unary(table, "asinh", Tensor::asinh);
        unary(table, "acosh", Tensor::acosh);
        unary(table, "atanh", Tensor::atanh);
        unary(table, "erfc", Tensor::erfc);
        unary(table, "lgamma", Tensor::lgamma);
        unary(table, "digamma", Tensor::digamma);
        unary(table, "bessel_i0e", Special::i0e);
        unary(table, "bessel_i1e", Special::i1e);
        binary(table, "igamma", Special::igamma);
        binary(table, "igammac", Special::igammac);
        binary(table, "igamma_grad_a", (a, x) -> Tensor.broadcasting(new IgammaGradA(), a, x));
        binary(table, "random_gamma_grad", (a, x) -> Tensor.broadcasting(new RandomGammaGrad(), a, x));
        binary(table, "zeta", Special::zeta);
        binary(table, "polygamma", (m, x) -> Tensor.broadcasting(new Polygamma(), m, x));
        table.put("regularized_incomplete_beta", single(e -> Special.betainc(e.in(0), e.in(1), e.in(2))));
    }

    private static void logic(Map<String, Meaning> table) {
        binary(table, "eq", Tensor::eq);
        binary(table, "ne", Tensor::ne);
        binary(table, "lt", Tensor::lt);
        binary(table, "le", Tensor::le);
        binary(table, "gt", Tensor::gt);
        binary(table, "ge", Tensor::ge);
        binary(table, "and", Tensor::and);
        binary(table, "or", Tensor::or);
        binary(table, "xor", Tensor::xor);
        unary(table, "not", Tensor::not);
        binary(table, "shift_left", Tensor::shiftLeft);
        binary(table, "shift_right_logical", Tensor::shiftRightLogical);
        binary(table, "shift_right_arithmetic", Tensor::shiftRightArithmetic);
        unary(table, "population_count", Tensor::populationCount);
        unary(table, "clz", Tensor::leadingZeros);
        binary(table, "nextafter", Tensor::nextAfter);
        binary(table, "eq_to", (x, y) -> inOrder(x).eq(inOrder(y)));
        binary(table, "lt_to", (x, y) -> inOrder(x).lt(inOrder(y)));
        binary(table, "le_to", (x, y) -> inOrder(x).le(inOrder(y)));
        unary(table, "is_finite", Tensor::isFinite);
        table.put("select_n", single(Elementwise::selected));
        table.put("convert_element_type", single(e -> e.in(0).astype(e.out(0).dtype())));
        table.put("bitcast_convert_type", single(e -> {
            Tensor x = e.in(0);
            boolean nothing = x.dtype() == DType.BOOL && e.out(0).dtype() == DType.BOOL;
            return nothing ? x : new Bitcast(e.out(0).dtype()).apply(x);
        }));
    }

    /** Integers in the total order of numbers: -NaN, -inf, ..., -0, 0, ..., inf, NaN. */
    private static Tensor inOrder(Tensor x) {
        if (!x.dtype().isFloat()) return x;
        DType integers = Stream.of(DType.values())
                .filter(t -> t.kind() == DType.Kind.SIGNED && t.bytes() == x.dtype().bytes()).findFirst().orElseThrow();
        Tensor bits = new Bitcast(integers).apply(x), most = bits.like(0).not().shiftRightLogical(bits.like(1));
        return bits.lt(0).where(bits.xor(most), bits);
    }

    /** The first input, bool or integer, says which of the others; it may be a scalar. */
    private static Tensor selected(Eqn e) {
        Tensor which = e.in(0);
        List<Tensor> cases = e.in().subList(1, e.in().size());
        if (which.dtype() == DType.BOOL) return cases.size() == 1 ? cases.getFirst()
                : which.where(cases.get(1), cases.get(0));
        Tensor chosen = cases.getLast();
        for (int i = cases.size() - 2; i >= 0; i--) chosen = which.lt(i + 1).where(cases.get(i), chosen);
        return chosen;
    }

    private static void identities(Map<String, Meaning> table) {
        for (String name : List.of("copy", "copy_p", "device_put", "optimization_barrier", "sharding_constraint"))
            table.put(name, Eqn::in);
        table.put("stop_gradient", e -> Lists.map(e.in(), Tensor::stopGradient));
        table.put("reduce_precision", single(e ->
                new ReducePrecision(e.integer("exponent_bits"), e.integer("mantissa_bits")).apply(e.in(0))));
    }
}
