package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.ops.Bitcast;
import javelin.core.ops.IntegerPow;
import javelin.core.ops.ReducePrecision;
import javelin.core.type.DType;

/** Primitives that work element by element. */
final class Elementwise {
    /** Beyond it {@code x^2 + 1} is {@code x^2}; still, the square is finite in f32. */
    private static final double LARGE = 1e9;

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
        unary(table, "exp2", x -> x.mul(Math.log(2)).exp());
        unary(table, "expm1", Tensor::expm1);
        unary(table, "log", Tensor::log);
        unary(table, "log1p", Tensor::log1p);
        unary(table, "sqrt", Tensor::sqrt);
        unary(table, "rsqrt", Tensor::rsqrt);
        unary(table, "sin", Tensor::sin);
        unary(table, "cos", Tensor::cos);
        unary(table, "tan", x -> x.sin().div(x.cos()));
        unary(table, "tanh", Tensor::tanh);
        unary(table, "logistic", Tensor::logistic);
        unary(table, "erf", Tensor::erf);
        unary(table, "erf_inv", Tensor::erfInv);
        unary(table, "sinh", x -> odd(x, Elementwise::sinhOfPositive));
        unary(table, "cosh", x -> x.sub(Math.log(2)).exp().add(x.neg().sub(Math.log(2)).exp()));
        unary(table, "asinh", x -> odd(x, Elementwise::asinhOfPositive));
        unary(table, "acosh", x -> {
            Tensor t = x.minimum(LARGE).sub(1);
            return x.gt(LARGE).where(x.log().add(Math.log(2)), t.add(t.add(2).mul(t).sqrt()).log1p());
        });
        unary(table, "atanh", x -> x.log1p().sub(x.neg().log1p()).mul(0.5));
    }

    private static Tensor odd(Tensor x, UnaryOperator<Tensor> ofPositive) {
        Tensor y = ofPositive.apply(x.abs());
        return x.lt(0).where(y.neg(), y);
    }

    /**
     * {@code (u + u / (u + 1)) / 2} with u = expm1 x, exact near 0; {@code e^x / 2} where that is all there is (A&amp;S
     * 4.5.1).
     */
    private static Tensor sinhOfPositive(Tensor x) {
        Tensor u = x.minimum(20).expm1();
        return x.gt(20).where(x.sub(Math.log(2)).exp(), u.add(u.div(u.add(1))).mul(0.5));
    }

    /** {@code log(x + sqrt(x^2 + 1))} as log1p, exact near 0 (A&amp;S 4.6.20). */
    private static Tensor asinhOfPositive(Tensor x) {
        Tensor a = x.minimum(LARGE), square = a.square();
        return x.gt(LARGE).where(x.log().add(Math.log(2)), a.add(square.div(square.add(1).sqrt().add(1))).log1p());
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
        unary(table, "is_finite", Tensor::isFinite);
        table.put("select_n", single(Elementwise::selected));
        table.put("convert_element_type", single(e -> e.in(0).astype(e.out(0).dtype())));
        table.put("bitcast_convert_type", single(e -> {
            Tensor x = e.in(0);
            boolean nothing = x.dtype() == DType.BOOL && e.out(0).dtype() == DType.BOOL;
            return nothing ? x : new Bitcast(e.out(0).dtype()).apply(x);
        }));
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
