package javelin;

import java.util.List;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalars;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A key for random numbers: every sampler is a pure function of its key, so a key is used once and new ones are made
 * with {@link #split} or {@link #foldIn}. The same key gives the same numbers on every machine and in every trace, and
 * the same numbers as {@code jax.random}: bits, split, foldIn, uniform on [0, 1), randint and bernoulli bit for bit,
 * the others up to the rounding of logarithms. A key is a tree: it may be an argument of {@code jit}, {@code vmap} and
 * the rest.
 *
 * <p>Threefry2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011.
 *
 * @param data two words, u32[2]; a stack of keys, as {@link #stack} makes for {@code vmap} and {@code scan}, has
 *             leading axes
 * @param mode how numbers come out of the hash
 */
public record Key(Tensor data, Mode mode) {

    /** How counters are laid out. */
    public enum Mode {
        /**
         * Element i of any shape hashes counter i: independent of the shape, one pure map (JAX's default since 0.5).
         */
        PARTITIONABLE,
        /** Counters are hashed in two halves, so numbers depend on how many are asked for: JAX before 0.5. */
        ORIGINAL
    }

    // making keys

    /** The key of a 64-bit seed, both words of which are used (jax.random.key with 64-bit types enabled). */
    public static Key of(long seed) {
        return new Key(Array.wrap(TensorType.of(DType.U32, 2), new int[] {(int) (seed >>> 32), (int) seed}),
                Mode.PARTITIONABLE);
    }

    /** The key of a 32-bit seed (jax.random.key by default); for seeds below 0 another than that of the same long. */
    public static Key of(int seed) { return of(seed & 0xFFFFFFFFL); }

    /**
     * The key of a traced seed, an integer scalar: as {@link #of(long)} for i64, as {@link #of(int)} for the others.
     */
    public static Key of(Tensor seed) {
        if (seed.rank() != 0 || !seed.dtype().isInteger())
            throw new ShapeException("Key.of", List.of(seed.type()), "a seed is an integer scalar");
        Tensor low = seed.astype(DType.U32);
        Tensor high = seed.dtype() == DType.I64 ? seed.shiftRightLogical(seed.like(32)).astype(DType.U32) : low.like(0);
        return new Key(Tensors.stack(List.of(high, low), 0), Mode.PARTITIONABLE);
    }

    /** The same words, used as JAX used them before version 0.5. */
    public Key original() { return new Key(data, Mode.ORIGINAL); }

    /** {@code count} new keys; in partitionable mode the i-th is {@code foldIn(i)}, whatever {@code count}. */
    public List<Key> split(int count) {
        Key stack = stack(count);
        return Lists.each(count, stack::at);
    }

    /**
     * The keys of {@link #split} as one tree with data u32[count, 2], to be mapped over by {@code vmap} or {@code
     * scan}.
     */
    public Key stack(int count) { return new Key(new RandomBits(this).split(count), mode); }

    /** Key {@code i} of a stack. */
    public Key at(int i) { return new Key(data.index(i), mode); }

    /** A key for each number, such as a step or a layer: the numbers' hashes under this key. */
    public Key foldIn(int number) { return foldIn(Array.scalar(number, DType.U32)); }

    /** As {@link #foldIn(int)}, of an integer scalar. */
    public Key foldIn(Tensor number) {
        if (number.rank() != 0 || !number.dtype().isInteger())
            throw new ShapeException("foldIn", List.of(number.type()),
                    "takes an integer scalar; to make many keys use stack or vmap");
        return new Key(new RandomBits(this).fold(number.astype(DType.U32)), mode);
    }

    // numbers

    /** Uniform bits of an integer type. */
    public Tensor bits(TensorType type) {
        if (!type.dtype().isInteger())
            throw new ShapeException("bits", List.of(type), "random bits come as integers; for bool use bernoulli");
        return new RandomBits(this).bits(type);
    }

    /** Uniform on [0, 1): a multiple of 2^-23 in f32, 2^-52 in f64, 2^-7 in bf16, 2^-10 in f16. */
    public Tensor uniform(TensorType type) { return new RandomBits(this).unit(requireFloat("uniform", type)); }

    /** Uniform on [low, high): {@code max(low, u (high - low) + low)}, but in f64 rounded once, as XLA contracts it. */
    public Tensor uniform(TensorType type, double low, double high) {
        Tensor u = uniform(type), from = u.like(low);
        DType dtype = type.dtype();
        double start = from.item(), width = dtype.normalize(u.like(high).item() - start).doubleValue();
        boolean exactProduct = dtype == DType.F64 || width == Math.scalb(1.0, Math.getExponent(width)) || low == 0;
        Tensor scaled = exactProduct ? u.mul(width).add(from)
                : u.astype(DType.F64).mul(width).add(start).astype(dtype);
        return scaled.maximum(from);
    }

    /** Standard normal: {@code sqrt(2) erfInv(u)} with u uniform on (-1, 1). */
    public Tensor normal(TensorType type) {
        return uniform(type, -1 + epsilon("normal", type) / 2, 1).erfInv().mul(Math.sqrt(2));
    }

    /** Standard normal on condition that it lies within (low, high). */
    public Tensor truncatedNormal(TensorType type, double low, double high) {
        if (!(low < high))
            throw new JavelinException("truncatedNormal: there is nothing between " + low + " and " + high);
        double a = erfOfOverRoot2(type.dtype(), low), b = erfOfOverRoot2(type.dtype(), high);
        double least = above(requireFloat("truncatedNormal", type).dtype(), low), most = -above(type.dtype(), -high);
        return uniform(type, a, b).erfInv().mul(Math.sqrt(2)).clip(least, most);
    }

    /** The next number of the type above {@code x}: its bits count the numbers away from 0. */
    private static double above(DType dtype, double x) {
        Number nearest = dtype.normalize(x);
        long bits = dtype.bits(nearest);
        Number next = x == 0 ? dtype.ofBits(1) : dtype.ofBits(nearest.doubleValue() > 0 ? bits + 1 : bits - 1);
        return next.doubleValue();
    }

    /** The distance from 1 to the next number of the type. */
    private static double epsilon(String what, TensorType type) {
        return Math.scalb(1.0, -requireFloat(what, type).dtype().fractionBits());
    }

    private static double erfOfOverRoot2(DType dtype, double x) {
        Number z = dtype.normalize(dtype.normalize(x).doubleValue() / dtype.normalize(Math.sqrt(2)).doubleValue());
        return Scalars.apply(Fn.ERF, dtype, dtype, List.of(z)).doubleValue();
    }

    /** True with probability {@code p}, drawn in f32: bool of {@code shape}. */
    public Tensor bernoulli(double p, Shape shape) { return uniform(new TensorType(DType.F32, shape)).lt(p); }

    /** True with probability {@code p}, of p's shape and precision. */
    public Tensor bernoulli(Tensor p) { return uniform(p.type()).lt(p); }

    /**
     * Uniform integers in [low, high) of any integer type. The smaller numbers are favoured by at most
     * {@code (high - low) / 2^w}, where w is twice the bits of the type, and at least 64. For u64 the two are read as
     * unsigned.
     */
    public Tensor randint(TensorType type, long low, long high) { return RandomIntegers.draw(this, type, low, high); }

    /** Exponential with mean 1: {@code -log1p(-u)}. */
    public Tensor exponential(TensorType type) { return uniform(type).neg().log1p().neg(); }

    /** Standard Gumbel: {@code -log(-log(u))}. */
    public Tensor gumbel(TensorType type) { return uniform(type, tiny(type), 1).log().neg().log().neg(); }

    /**
     * An index along {@code axis} for every row of unnormalised log-probabilities: the maximum of logits plus {@link
     * #gumbel}, i32.
     */
    public Tensor categorical(Tensor logits, int axis) { return gumbel(logits.type()).add(logits).argMax(axis); }

    /**
     * {@code count} different indices for every row, each drawn from what is left, on a new axis 0: the largest of
     * logits plus {@link #gumbel}, i32.
     */
    public Tensor categoricalWithoutReplacement(Tensor logits, int axis, int count) {
        return RandomOrder.categorical(this, logits, axis, count);
    }

    /** 0, 1, ..., n - 1 in random order, i32. */
    public Tensor permutation(int n) { return RandomOrder.shuffle(this, Tensors.arange(n, DType.I32), 0); }

    /** The slices of {@code x} along {@code axis} in random order. */
    public Tensor permutation(Tensor x, int axis) { return permutation(x, axis, false); }

    /** As above; if {@code independent}, every line of elements along {@code axis} is shuffled by itself. */
    public Tensor permutation(Tensor x, int axis, boolean independent) {
        return RandomOrder.permutation(this, x, axis, independent);
    }

    /** Numbers out of 0..n-1, each as likely, i32 of {@code shape}. */
    public Tensor choice(int n, Shape shape, boolean replace) { return RandomOrder.choice(this, n, shape, replace); }

    /** Numbers out of 0..n-1, number i with probability {@code p[i]}, for a vector p of n. */
    public Tensor choice(Tensor p, Shape shape, boolean replace) { return RandomOrder.choice(this, p, shape, replace); }

    /** Slices of {@code x} along {@code axis}, each as likely; the axes of {@code shape} take its place. */
    public Tensor choice(Tensor x, int axis, Shape shape, boolean replace) {
        return x.take(choice(x.size(axis), shape, replace), axis, OutOfRange.CLIP);
    }

    /** Slices of {@code x} along {@code axis}, slice i with probability {@code p[i]}. */
    public Tensor choice(Tensor x, int axis, Tensor p, Shape shape, boolean replace) {
        return x.take(choice(p, shape, replace), axis, OutOfRange.CLIP);
    }

    /** Standard Laplace: {@code sign(u) log1p(-|u|)} with u uniform on (-1, 1). */
    public Tensor laplace(TensorType type) {
        Tensor u = uniform(type, -1 + epsilon("laplace", type) / 2, 1);
        return u.sign().mul(u.abs().neg().log1p());
    }

    /** Standard logistic: {@code log(u) - log1p(-u)}. */
    public Tensor logistic(TensorType type) {
        Tensor u = uniform(type, tiny(type), 1);
        return u.log().sub(u.neg().log1p());
    }

    /** Standard Cauchy: {@code tan(pi (u - 1/2))}. */
    public Tensor cauchy(TensorType type) {
        return uniform(type, epsilon("cauchy", type), 1).sub(0.5).mul(Math.PI).tan();
    }

    /** -1 or 1, each as likely: any numeric type. */
    public Tensor rademacher(TensorType type) {
        return bernoulli(0.5, type.shape()).astype(type.dtype()).mul(2).sub(1);
    }

    // distributions with parameters: tensors that broadcast, and whose element type the numbers have

    /** {@code exp(sigma z)} with z standard normal. */
    public Tensor logNormal(Tensor sigma) { return normal(sigma.type()).mul(sigma).exp(); }

    /** {@code scale (-log1p(-u))^(1 / concentration)} */
    public Tensor weibullMin(Tensor scale, Tensor concentration) {
        List<Tensor> in = Tensor.broadcastArrays("weibullMin", scale, concentration);
        return exponential(in.get(0).type()).pow(in.get(1).reciprocal()).mul(in.get(0));
    }

    /** {@code exp(e / b)} with e exponential: from 1 up, with density falling as {@code x^(-b-1)}. */
    public Tensor pareto(Tensor b) { return exponential(requireFloat("pareto", b.type())).div(b).exp(); }

    /** {@code scale sqrt(-2 log u)} */
    public Tensor rayleigh(Tensor scale) { return uniform(scale.type()).log().mul(-2).sqrt().mul(scale); }

    /** The length of a vector of three standard normal numbers. */
    public Tensor maxwell(TensorType type) {
        Tensor z = normal(type.withShape(type.shape().insert(type.rank(), 3)));
        return z.square().sum(-1).sqrt();
    }

    /** Rising from {@code left} to {@code mode} and falling to {@code right}. */
    public Tensor triangular(Tensor left, Tensor mode, Tensor right) {
        List<Tensor> in = Tensor.broadcastArrays("triangular", left, mode, right);
        Tensor a = in.get(0), c = in.get(1), b = in.get(2), width = b.sub(a), u = uniform(a.type());
        Tensor low = a.add(u.mul(width).mul(c.sub(a)).sqrt());
        Tensor high = b.sub(u.neg().add(1).mul(width).mul(b.sub(c)).sqrt());
        return u.lt(c.sub(a).div(width)).where(low, high);
    }

    /** Gamma with shape {@code a} and scale 1; differentiable in a. */
    public Tensor gamma(Tensor a) { return GammaDraws.gamma(this, a, false); }

    /** The logarithm of {@link #gamma}, which for small a may be too small for the number itself. */
    public Tensor logGamma(Tensor a) { return GammaDraws.gamma(this, a, true); }

    public Tensor beta(Tensor a, Tensor b) { return GammaDraws.beta(this, a, b); }

    /** Points of the simplex along the last axis, of the shape of {@code alpha}. */
    public Tensor dirichlet(Tensor alpha) { return GammaDraws.dirichlet(this, alpha); }

    /** With {@code df} degrees of freedom. */
    public Tensor chisquare(Tensor df) { return GammaDraws.chisquare(this, df); }

    /** Student's, with {@code df} degrees of freedom. */
    public Tensor t(Tensor df) { return GammaDraws.t(this, df); }

    /** The ratio of two chisquares, each divided by its degrees of freedom. */
    public Tensor f(Tensor numerator, Tensor denominator) { return GammaDraws.f(this, numerator, denominator); }

    /** Counts with mean {@code lam}, i32. */
    public Tensor poisson(Tensor lam) { return CountDraws.poisson(this, lam); }

    /** How many trials it takes to succeed once with probability {@code p} each: 1, 2, ..., i32. */
    public Tensor geometric(Tensor p) { return CountDraws.geometric(this, p); }

    /** How many of {@code n} trials succeed with probability {@code p} each, in the floating-point type of both. */
    public Tensor binomial(Tensor n, Tensor p) { return CountDraws.binomial(this, n, p); }

    /** How {@code n} trials fall into the categories along the last axis of {@code p}, in p's type. */
    public Tensor multinomial(Tensor n, Tensor p) { return CountDraws.multinomial(this, n, p); }

    /**
     * Matrices with orthonormal columns, or, if they are wide, rows, from the uniform (Haar) distribution of those: a
     * floating-point type of rank 2 or more.
     */
    public Tensor orthogonal(TensorType type) {
        return RandomMatrices.orthogonal(this, requireFloat("orthogonal", type));
    }

    /**
     * Normal vectors {@code [shape..., n]} with means {@code [..., n]} and covariances {@code [..., n, n]}, whose
     * leading axes broadcast to {@code shape}; NaN where a covariance is not positive definite.
     */
    public Tensor multivariateNormal(Tensor mean, Tensor covariance, Shape shape) {
        return RandomMatrices.normal(this, mean, covariance, shape);
    }

    /** The smallest positive normal number. */
    private static double tiny(TensorType type) {
        return requireFloat("the sampler", type).dtype().leastNormal();
    }

    private static TensorType requireFloat(String what, TensorType type) {
        if (!type.dtype().isFloat())
            throw new ShapeException(what, List.of(type),
                    "draws floating-point numbers; for integers use randint or bits");
        return type;
    }
}
