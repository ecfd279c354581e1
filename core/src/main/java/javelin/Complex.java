package javelin;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import javelin.core.Index;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Complex numbers {@code re + im i}: two tensors of one type, f32 (complex64 elsewhere) or f64 (complex128). A record
 * of tensors and so a tree: jit, grad, vmap, scan and all else work over it. Methods have the names of {@link
 * Tensor}'s and broadcast as they do; infinities, signed zeros and branch cuts are NumPy's. What has no name here but
 * moves or adds elements is done to both planes by {@link #each}, what multiplies by {@link #bilinear}.
 *
 * <p>The gradient of a real loss is {@code Complex(dL/dre, dL/dim)}, the direction in which the loss grows fastest: the
 * conjugate of what jax.grad gives. Throws {@link ShapeException} for shapes and types that do not fit.
 */
public record Complex(Tensor re, Tensor im) {
    public Complex {
        if (!re.type().equals(im.type())) throw new ShapeException("Complex", List.of(re.type(), im.type()),
                "the real and the imaginary part differ in type; broadcast one of them, or convert it with astype");
        if (re.dtype() != DType.F32 && re.dtype() != DType.F64)
            throw new ShapeException("Complex", List.of(re.type(), im.type()), "the parts of complex numbers are f32"
                    + " (complex64) or f64 (complex128), not " + re.dtype() + "; convert them with astype");
    }

    // made of real ones

    public static Complex of(Tensor re) { return new Complex(re, Tensor.zeros(re.type())); }

    /** The two broadcast (lax.complex). */
    public static Complex of(Tensor re, Tensor im) {
        List<Tensor> planes = Tensor.broadcastArrays("Complex.of", re, im);
        return new Complex(planes.get(0), planes.get(1));
    }

    public static Complex scalar(double re, double im, DType dtype) {
        return new Complex(Tensors.scalar(re, dtype), Tensors.scalar(im, dtype));
    }

    /** {@code radius (cos angle + i sin angle)} */
    public static Complex polar(Tensor radius, Tensor angle) {
        return of(radius.mul(angle.cos()), radius.mul(angle.sin()));
    }

    public static Complex zeros(TensorType plane) { return of(Tensor.zeros(plane)); }

    public static Complex ones(TensorType plane) { return of(Tensors.ones(plane)); }

    public static Complex concatenate(List<Complex> all, int axis) {
        return new Complex(Tensors.concatenate(Lists.map(all, Complex::re), axis),
                Tensors.concatenate(Lists.map(all, Complex::im), axis));
    }

    public static Complex stack(List<Complex> all, int axis) {
        return concatenate(Lists.map(all, z -> z.expandDims(axis)), axis);
    }

    /** {@code condition ? ifTrue : ifFalse}, broadcasting. */
    public static Complex where(Tensor condition, Complex ifTrue, Complex ifFalse) {
        return new Complex(condition.where(ifTrue.re, ifFalse.re), condition.where(ifTrue.im, ifFalse.im));
    }

    // plane by plane

    /** {@code f} of both planes: for what is linear with real coefficients, as all that moves elements is. */
    public Complex each(UnaryOperator<Tensor> f) { return new Complex(f.apply(re), f.apply(im)); }

    /** A product that is linear in both factors, of complex numbers: four of {@code f}. */
    public static Complex bilinear(BinaryOperator<Tensor> f, Complex x, Complex y) {
        return new Complex(f.apply(x.re, y.re).sub(f.apply(x.im, y.im)), f.apply(x.re, y.im).add(f.apply(x.im, y.re)));
    }

    public Shape shape() { return re.shape(); }
    /** The type of both planes. */
    public TensorType type() { return re.type(); }
    public DType dtype() { return re.dtype(); }
    public int rank() { return re.rank(); }
    public int size(int axis) { return re.size(axis); }

    public Complex astype(DType dtype) { return each(t -> t.astype(dtype)); }
    public Complex reshape(int... sizes) { return each(t -> t.reshape(sizes)); }
    public Complex reshape(Shape shape) { return each(t -> t.reshape(shape)); }
    public Complex transpose(int... axes) { return each(t -> t.transpose(axes)); }
    public Complex swapAxes(int a, int b) { return each(t -> t.swapAxes(a, b)); }
    public Complex moveAxis(int from, int to) { return each(t -> t.moveAxis(from, to)); }
    public Complex expandDims(int axis) { return each(t -> t.expandDims(axis)); }
    public Complex squeeze(int... axes) { return each(t -> t.squeeze(axes)); }
    public Complex broadcastTo(int... sizes) { return each(t -> t.broadcastTo(sizes)); }
    public Complex broadcastTo(Shape shape) { return each(t -> t.broadcastTo(shape)); }
    public Complex slice(int axis, int from, int to) { return each(t -> t.slice(axis, from, to)); }
    public Complex slice(int axis, int from, int to, int step) { return each(t -> t.slice(axis, from, to, step)); }
    public Complex index(int axis, int i) { return each(t -> t.index(axis, i)); }
    public Complex index(Index... indices) { return each(t -> t.index(indices)); }
    public Complex index(int i) { return each(t -> t.index(i)); }
    public Complex flip(int... axes) { return each(t -> t.flip(axes)); }
    public Complex sum(int... axes) { return each(t -> t.sum(axes)); }
    public Complex mean(int... axes) { return each(t -> t.mean(axes)); }
    public Complex cumsum(int axis) { return each(t -> t.cumsum(axis)); }
    public Complex stopGradient() { return each(Tensor::stopGradient); }

    public Tensor isNaN() { return re.isNaN().or(im.isNaN()); }
    public Tensor isFinite() { return re.isFinite().and(im.isFinite()); }
    public Tensor eq(Complex that) { return re.eq(that.re).and(im.eq(that.im)); }
    public Tensor ne(Complex that) { return eq(that).not(); }

    // arithmetic

    public Complex add(Complex that) { return new Complex(re.add(that.re), im.add(that.im)); }
    public Complex sub(Complex that) { return new Complex(re.sub(that.re), im.sub(that.im)); }
    public Complex mul(Complex that) { return bilinear(Tensor::mul, this, that); }
    public Complex add(Tensor that) { return of(re.add(that), im); }
    public Complex sub(Tensor that) { return of(re.sub(that), im); }
    public Complex mul(Tensor that) { return each(t -> t.mul(that)); }
    public Complex div(Tensor that) { return each(t -> t.div(that)); }
    public Complex add(double that) { return new Complex(re.add(that), im); }
    public Complex sub(double that) { return new Complex(re.sub(that), im); }
    public Complex mul(double that) { return each(t -> t.mul(that)); }
    public Complex div(double that) { return each(t -> t.div(that)); }
    public Complex neg() { return each(Tensor::neg); }
    public Complex conj() { return new Complex(re, im.neg()); }
    public Complex square() { return mul(this); }
    public Complex reciprocal() { return ones(type()).div(this); }

    /** This number times i. */
    public Complex timesI() { return new Complex(im.neg(), re); }

    /**
     * Smith's algorithm (CACM 5, 1962) on halves, so without overflow where the quotient has none. Dividing by zero
     * gives infinities and NaN, by an infinity zero.
     */
    public Complex div(Complex that) {
        Maximum m = new Maximum(that);
        Tensor ratio = m.ratio(), divisor = m.larger.mul(0.5).add(m.smaller.mul(0.5).mul(ratio));
        Tensor x = m.steep.where(im, re).mul(0.5), y = m.steep.where(re, im).mul(0.5);
        Tensor across = y.sub(x.mul(ratio)).div(divisor);
        return of(x.add(y.mul(ratio)).div(divisor), m.steep.where(across.neg(), across));
    }

    /** The distance from 0, without overflow; its gradient at 0 is 0, as in JAX. */
    public Tensor abs() {
        Maximum m = new Maximum(this);
        Tensor q = m.ratio().square().add(1).sqrt(), distance = m.larger.abs().mul(q);
        return m.larger.eq(0).where(re.like(0), distance);
    }

    /** {@code re^2 + im^2} */
    public Tensor squaredAbs() { return re.square().add(im.square()); }

    /** In [-pi, pi]; at -0 i on the negative axis it is -pi. */
    public Tensor angle() { return im.atan2(re); }

    /** The number of magnitude 1 with this one's angle; 0 for 0. */
    public Complex sign() {
        Tensor zero = re.eq(0).and(im.eq(0));
        return where(zero, zeros(type()), div(zero.where(re.like(1), abs())));
    }

    // functions

    public Complex exp() {
        Tensor size = re.exp(), known = im.eq(0).and(Arithmetic.isInf(size));    // inf times sin 0 would be NaN
        return new Complex(size.mul(im.cos()), known.where(size.like(dtype().largest()), size).mul(im.sin()));
    }

    /** The logarithm with the imaginary part {@link #angle}; accurate where the magnitude is near 1 too. */
    public Complex log() {
        Maximum m = new Maximum(this);
        Tensor a = m.larger.abs(), far = a.lt(0.5).or(a.gt(2)), near = far.where(a.like(1), a);
        Tensor low = far.where(a.like(0), m.smaller);
        Tensor nearOne = near.sub(1).mul(near.add(1)).add(low.square()).log1p();
        Tensor logarithm = a.log().add(m.ratio().square().log1p().mul(0.5));
        return new Complex(far.where(logarithm, nearOne.mul(0.5)), angle());
    }

    /** The root with a real part that is not negative; below the cut along the negative axis is -0 i. */
    public Complex sqrt() {
        Tensor half = re.abs().mul(0.5).add(each(t -> t.mul(0.5)).abs()), root = half.sqrt();
        Tensor whole = root.eq(0).or(Arithmetic.isInf(im)), right = Arithmetic.signbit(re).not(), one = re.like(1);
        Tensor ratio = whole.where(im, im.div(whole.where(one, root.mul(2))));
        Tensor size = Arithmetic.signbit(im).where(ratio.neg(), ratio);
        return new Complex(right.where(root, size), right.where(ratio, Arithmetic.copysign(root, im)));
    }

    /** {@code exp(that log this)}; {@code 0^0} is 1, and 0 to a power with a positive real part is 0. */
    public Complex pow(Complex that) {
        Tensor zero = re.eq(0).and(im.eq(0)), none = that.re.eq(0).and(that.im.eq(0));
        Complex power = where(zero, ones(type()), this).log().mul(that).exp();
        Tensor ofZero = none.where(re.like(1), that.re.gt(0).where(re.like(0), re.like(Double.NaN)));
        Tensor imaginary = none.or(that.re.gt(0)).where(re.like(0), re.like(Double.NaN));
        return where(zero, new Complex(ofZero, imaginary), power);
    }

    /** Whole exponents up to 64 become products. */
    public Complex pow(double exponent) {
        if (exponent != Math.rint(exponent) || Math.abs(exponent) > 64) return pow(scalar(exponent, 0, dtype()));
        Complex power = ones(type()), square = this;
        for (int k = (int) Math.abs(exponent); k > 0; k >>= 1) {
            if ((k & 1) != 0) power = power.mul(square);
            if (k > 1) square = square.mul(square);
        }
        return exponent < 0 ? power.reciprocal() : power;
    }

    public Complex sinh() { return new Complex(re.sinh().mul(im.cos()), re.cosh().mul(im.sin())); }

    public Complex cosh() { return new Complex(re.cosh().mul(im.cos()), re.sinh().mul(im.sin())); }

    /** Kahan's formula, "Branch cuts for complex elementary functions", 1987; without overflow. */
    public Complex tanh() {
        double most = 22;                                            // there tanh is 1, and sinh^2 (1 + tan^2) finite
        Tensor x = re.clip(-most, most), t = im.tan(), beta = t.square().add(1), s = x.sinh();
        Tensor below = beta.mul(s.square()).add(1), far = re.abs().gt(most);
        Tensor decay = re.abs().mul(-2).exp().mul(4).mul(im.sin().mul(im.cos()));
        return new Complex(far.where(re.sign(), beta.mul(x.cosh()).mul(s).div(below)), far.where(decay, t.div(below)));
    }

    public Complex sin() { return new Complex(re.sin().mul(im.cosh()), re.cos().mul(im.sinh())); }

    public Complex cos() { return new Complex(re.cos().mul(im.cosh()), re.sin().mul(im.sinh()).neg()); }

    public Complex tan() { return timesI().tanh().timesI().neg(); }

    // products

    public Complex matmul(Complex that) { return bilinear(Tensor::matmul, this, that); }

    /** The sum of products of two vectors, neither conjugated. */
    public Complex dot(Complex that) { return matmul(that); }

    /** {@code out[i, j] = this[i] that[j]} */
    public Complex outer(Complex that) { return bilinear(Tensor::outer, this, that); }

    /** {@link Tensors#einsum} of two. */
    public static Complex einsum(String equation, Complex x, Complex y) {
        return bilinear((a, b) -> Tensors.einsum(equation, a, b), x, y);
    }

    @Override public String toString() { return re + " + i " + im; }

    /**
     * The parts by magnitude: both are chosen, not computed, so that derivatives of what is made of them are those of
     * what is made of the parts.
     *
     * @param steep where the imaginary part is the larger
     */
    private record Maximum(Tensor steep, Tensor larger, Tensor smaller) {
        private Maximum(Complex z) { this(z, z.re.abs().lt(z.im.abs())); }

        private Maximum(Complex z, Tensor steep) { this(steep, steep.where(z.im, z.re), steep.where(z.re, z.im)); }

        /** The smaller part over the larger; 0 where that is 0 or infinite. */
        Tensor ratio() {
            Tensor plain = larger.ne(0).and(larger.isFinite().or(larger.isNaN()));
            return plain.where(smaller, larger.like(0)).div(plain.where(larger, larger.like(1)));
        }
    }
}
