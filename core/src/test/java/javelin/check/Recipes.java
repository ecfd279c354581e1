package javelin.check;

import static javelin.check.RandomPrograms.literal;
import static javelin.check.RandomPrograms.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javelin.check.RandomPrograms.Purpose;
import javelin.core.Array;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.ops.*;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The steps random programs are made of: each adds an op or two to the program, with operands that keep it tame. */
enum Recipes {
    NEG(unary(_ -> new Neg())), SIN(unary(_ -> new Sin())), COS(unary(_ -> new Cos())), TANH(unary(_ -> new Tanh())),
    LOGISTIC(unary(_ -> new Logistic())), ERF(unary(_ -> new Erf())), EXP(unary(_ -> new Exp())),
            EXPM1(unary(_ -> new Expm1())),
    POWER(unary(p -> new IntegerPow(p.random.nextInt(4)))),
            STOP(p -> p.add(new StopGradient(), p.purpose.isOfValues() ? p.anyFloat()
            : constant(p, p.anyFloat().type()))),
    LOG(p -> p.add(new Log(), positive(p))), LOG1P(p -> p.add(new Log1p(), positive(p))),
            SQRT(p -> p.add(new Sqrt(), positive(p))),
    RSQRT(p -> p.add(new Rsqrt(), positive(p))),
            INVERSE_POWER(p -> p.add(new IntegerPow(-1 - p.random.nextInt(2)), positive(p))),
    ERF_INV(p -> {
        Var x = p.add(new Tanh(), p.anyFloat());
        p.add(new ErfInv(), p.add(new Mul(), x, full(p, x.type(), 0.8)));
    }),

    ADD(binary(_ -> new Add())), SUB(binary(_ -> new Sub())), MUL(binary(_ -> new Mul())),
            MUL_AGAIN(binary(_ -> new Mul())),
    DIV(p -> {
        Var y = positive(p);
        p.add(new Div(), p.like(y.type()), y);
    }),
    POW(p -> {
        Var x = positive(p);
        p.add(new Pow(), x, p.like(x.type()));
    }),
    SCALE(p -> {
        Var x = p.anyFloat();
        p.add(new Mul(), x, full(p, x.type(), p.random.nextInt(-4, 5) * 0.25));
    }),

    ABS(kinked(p -> {
        Var x = p.anyFloat();
        requireApart(p, x, 0);
        p.add(new Abs(), x);
    })),
    STEP(kinked(p -> {
        Var x = p.anyFloat();
        for (double at = -8; at <= 8; at += 0.5) requireApart(p, x, at);
        p.add(p.pick(List.of(new Floor(), new Ceil(), new Round(), new Sign())), x);
    })),
    TO_INTEGER(kinked(p -> {
        Var x = p.anyFloat();
        for (double at = -8; at <= 8; at++) requireApart(p, x, at);
        p.add(new Convert(p.pick(List.of(DType.I32, DType.I64))), x);
    })),
    EXTREME(kinked(p -> {
        Var x = p.anyFloat(), y = p.like(x.type());
        requireApart(p, x, y);
        p.add(p.pick(List.of(new Max(), new Min())), x, y);
    })),
    CLAMP(kinked(p -> {
        Var x = p.anyFloat();
        double low = p.random.nextDouble(-1, 0), high = p.random.nextDouble(0.2, 1);
        requireApart(p, x, low);
        requireApart(p, x, high);
        p.add(new Clamp(), full(p, x.type(), low), x, full(p, x.type(), high));
    })),
    COMPARE(kinked(p -> {
        Var x = p.anyFloat(), y = p.like(x.type());
        requireApart(p, x, y);
        Var condition = p.add(new Compare(p.pick(List.of(Compare.Kind.values()))), x, y);
        p.add(new Select(), condition, x, p.like(x.type()));
    })),
    REMAINDER(kinked(p -> {
        Var x = p.anyFloat();
        for (double at = -8; at <= 8; at += 0.75) requireApart(p, x, at);
        p.add(new Rem(), x, full(p, x.type(), 0.75));
    })),
    REDUCE_EXTREME(kinked(p -> {
        Var x = p.anyFloat();
        requireDistinct(p, x);
        p.add(p.random.nextBoolean() ? new ReduceMax(axes(p, x)) : new ReduceMin(axes(p, x)), x);
    })),
    ARG_EXTREME(kinked(p -> {
        Var x = p.anyFloat();
        requireDistinct(p, x);
        require(x.type().rank() > 0 && x.type().elements() > 0);
        p.add(new ArgExtreme(p.random.nextInt(x.type().rank()), p.random.nextBoolean(), DType.I32), x);
    })),

    /** Any op of the table, on numbers of its own domain, which become arguments of the program. */
    TABLE(p -> {
        require(p.depth == 0 && p.purpose == Purpose.ALL_OPS);
        OpCase c = p.pick(p.pick(Ops.byClass()));
        p.addAll(c.op(), Lists.map(c.inputs().draw(p.random), p::input));
    }),

    TELL(p -> {
        require(p.purpose.isOfValues());
        p.addAll(new Callback(new Told(p.random.nextInt(1000)), List.of(), List.of(), VmapMethod.SEQUENTIAL,
                RandomPrograms.HERE),
                List.of(p.anyFloat(), scalarInteger(p)));
    }),

    BROADCAST(p -> {
        Var x = p.anyFloat();
        int at = p.random.nextInt(x.type().rank() + 1);
        p.add(new Broadcast(x.type().shape().insert(at, p.random.nextInt(1, 4)),
                Lists.range(0, x.type().rank() + 1).stream().filter(a -> a != at).toList()), x);
    }),
    /** As norms do: a reduction along one axis, changed, meets what it came from again, perhaps along another axis. */
    NORMALIZE(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() >= 1);
        int axis = p.random.nextInt(x.type().rank()), back = p.random.nextInt(x.type().rank());
        Var sum = p.add(new ReduceSum(List.of(axis)), x);
        require(x.type().shape().without(List.of(back)).equals(sum.type().shape()));
        Var scaled = p.add(new Mul(), sum, full(p, sum.type(), 0.5));
        List<Integer> others = Lists.range(0, x.type().rank()).stream().filter(a -> a != back).toList();
        p.add(new Add(), x, p.add(new Broadcast(x.type().shape(), others), scaled));
    }),
    RESHAPE(p -> {
        Var x = p.anyFloat();
        int n = x.type().elements();
        List<Integer> sizes = new ArrayList<>(x.type().shape().sizes());
        if (n % 3 == 0 && n > 0) sizes = new ArrayList<>(List.of(3, n / 3));
        Collections.reverse(sizes);
        p.add(new Reshape(new Shape(p.random.nextInt(3) == 0 && n > 0 ? List.of(n) : sizes)), x);
    }),
    TRANSPOSE(p -> {
        Var x = p.anyFloat();
        List<Integer> order = new ArrayList<>(Lists.range(0, x.type().rank()));
        Collections.shuffle(order, java.util.Random.from(p.random));
        p.add(new Transpose(order), x);
    }),
    REVERSE(p -> {
        Var x = p.anyFloat();
        p.add(new Reverse(axes(p, x)), x);
    }),
    SLICE(p -> {
        Var x = p.anyFloat();
        List<Integer> start = Lists.map(x.type().shape().sizes(), n -> p.random.nextInt(n / 2 + 1));
        p.add(new Slice(start, x.type().shape().sizes(), Lists.map(start, _ -> p.random.nextInt(1, 3))), x);
    }),
    PAD(p -> {
        Var x = p.anyFloat();
        require(x.type().shape().sizes().stream().noneMatch(n -> n == 0));
        List<Integer> low = each(p, x, -1, 2), high = each(p, x, 0, 2), interior = each(p, x, 0, 2);
        Var value = p.like(TensorType.of(x.type().dtype()));
        p.add(new Pad(low, high, interior), x, value);
    }),
    CONCATENATE(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() > 0);
        p.add(new Concatenate(p.random.nextInt(x.type().rank())), x, p.like(x.type()));
    }),

    REDUCE_SUM(p -> {
        Var x = p.anyFloat();
        p.add(new ReduceSum(axes(p, x)), x);
    }),
    REDUCE_PROD(p -> {
        Var x = p.anyFloat();
        require(x.type().elements() <= 12);
        p.add(new ReduceProd(axes(p, x)), x);
    }),
    DOT(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() >= 1 && x.type().rank() <= 3);
        int k = p.random.nextInt(x.type().rank());
        Var y = p.like(TensorType.of(x.type().dtype(), p.random.nextInt(1, 4), x.type().shape().size(k)));
        p.add(DotGeneral.of(List.of(), List.of(k), List.of(), List.of(1)), x, y);
    }),
    BATCHED_DOT(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() >= 2);
        Var y = p.like(x.type());
        p.add(DotGeneral.of(List.of(0), List.of(1), List.of(0), List.of(1)), x, y);
    }),
    CONVOLUTION(p -> {
        Var x = p.anyFloat();
        int space = x.type().rank() - 2;
        require(space >= 0 && space <= 2 && x.type().elements() <= 200);
        List<Window> windows = Lists.each(space, _ -> window(p, 1 + p.random.nextInt(2)));
        List<Integer> sizes = Lists.concat(Lists.map(windows, Window::size),
                List.of(x.type().shape().size(space + 1), p.random.nextInt(1, 4)));
        Var kernel = p.like(x.type().withShape(new Shape(sizes)));
        var image = ConvGeneral.Order.channelsLast(space);
        p.add(new ConvGeneral(image, ConvGeneral.Order.kernel(space), image, windows, 1, 1), x, kernel);
    }),
    WINDOW_SUM(p -> {
        Var x = p.anyFloat();
        p.add(new ReduceWindowSum(Lists.each(x.type().rank(), _ -> window(p, 1 + p.random.nextInt(2)))), x);
    }),
    WINDOW_EXTREME(kinked(p -> {
        Var x = p.anyFloat();
        requireDistinct(p, x);
        require(x.type().elements() > 0);
        List<Window> windows = Lists.each(x.type().rank(), _ -> window(p, 1));
        p.add(p.random.nextBoolean() ? new ReduceWindowMax(windows) : new ReduceWindowMin(windows), x);
    })),
    WINDOW_CHOICE(kinked(p -> {
        Var x = p.anyFloat();
        requireDistinct(p, x);
        require(x.type().elements() > 0);
        List<Window> windows = Lists.each(x.type().rank(), _ -> window(p, 1));
        Var winners = p.add(new WindowWinner(windows), x, p.add(new ReduceWindowMin(windows), x));
        Var chosen = p.add(new WindowGather(windows), p.like(x.type()), winners);
        p.add(new WindowScatter(windows, x.type().shape()), chosen, winners);
    })),
    PREFIX(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() > 0 && x.type().elements() <= 60);
        int axis = p.random.nextInt(x.type().rank());
        boolean reverse = p.random.nextBoolean();
        p.add(p.pick(List.of(new CumSum(axis, reverse), new CumLogSumExp(axis, reverse),
                x.type().elements() <= 12 ? new CumProd(axis, reverse) : new CumSum(axis, !reverse))), x);
    }),
    ORDER(kinked(p -> {
        Var x = p.anyFloat();
        requireDistinct(p, x);
        require(x.type().rank() > 0 && x.type().elements() > 0);
        int axis = p.random.nextInt(x.type().rank());
        switch (p.random.nextInt(3)) {
            case 0 -> p.addAll(new Sort(axis, 1), List.of(x, p.like(x.type())));
            case 1 -> p.addAll(new TopK(p.random.nextInt(1, x.type().shape().size(axis) + 1), axis), List.of(x));
            default -> p.add(p.pick(List.of(new CumMax(axis, false), new CumMin(axis, true))), x);
        }
    })),

    DYNAMIC_SLICE(p -> {
        Var x = p.anyFloat();
        List<Integer> sizes = Lists.map(x.type().shape().sizes(), n -> n == 0 ? 0 : p.random.nextInt(1, n + 1));
        p.addAll(new DynamicSlice(sizes), Lists.concat(List.of(x), starts(p, x)));
    }),
    DYNAMIC_UPDATE(p -> {
        Var x = p.anyFloat();
        TensorType update = x.type().withShape(new Shape(Lists.map(x.type().shape().sizes(), n -> n == 0 ? 0
                : p.random.nextInt(1, n + 1))));
        p.addAll(new DynamicUpdateSlice(), Lists.concat(List.of(x, p.like(update)), starts(p, x)));
    }),
    TAKE(p -> {
        Var x = p.anyFloat();
        require(x.type().rank() >= 1 && x.type().shape().size(0) > 0);
        Var at = positions(p);
        int n = at.type().rank() - 1, rest = x.type().rank() - 1;
        var axes = new GatherAxes(Lists.range(n, rest), List.of(0), List.of(0), List.of(), List.of());
        p.add(new Gather(axes, Lists.concat(List.of(1), x.type().shape().dropFirst().sizes()),
                p.pick(List.of(GatherAxes.Mode.CLIP, GatherAxes.Mode.FILL_OR_DROP)), 0.5), x, at);
    }),
    SCATTER(p -> scatter(p, p.random.nextBoolean() ? ScatterAdd::new : Recipes::set,
            p::like)),
    SCATTER_PRODUCT(p -> scatter(p, (axes, mode) -> new ScatterMul(axes, mode, false), type -> constant(p, type))),
    SCATTER_EXTREME(kinked(p -> {
        boolean max = p.random.nextBoolean();
        var in = scatter(p, (axes, mode) -> new ScatterExtreme(axes, mode, max), p::like);
        requireDistinct(p, in.get(0), in.get(2));
    })),

    INTEGER_ARITHMETIC(p -> {
        Var x = integer(p);
        Var y = p.add(p.pick(List.of(new Add(), new Sub(), new Mul(), new Max(), new Min())), x, sameInteger(p, x));
        p.add(p.pick(List.<Op>of(new And(), new Xor(), new Or(), new Div(), new Rem())), y, full(p, x.type(), 7));
    }),
    BITS(p -> {
        Var x = integer(p);
        Var y = p.add(p.pick(List.of(new ShiftLeft(), new ShiftRightLogical(), new ShiftRightArithmetic())), x,
                full(p, x.type(), p.random.nextInt(4)));
        p.add(new Not(), y);
    }),
    LOGIC(p -> {
        Var x = integer(p);
        Var isSmall = p.add(new Compare(Compare.Kind.LT), x, full(p, x.type(), 3)),
                isOdd = p.add(new Convert(DType.BOOL), p.add(new And(), x, full(p, x.type(), 1)));
        Var mask = p.add(p.pick(List.of(new And(), new Or(), new Xor())), isSmall, p.add(new Not(), isOdd));
        TensorType type = new TensorType(p.pick(p.purpose.floats), x.type().shape());
        p.add(new Select(), mask, p.like(type), p.like(type));
    }),
    HASH(p -> {
        Var x = p.add(new Convert(DType.U32), integer(p));
        List<Var> words = p.addAll(new Threefry(), List.of(x, full(p, x.type(), 42), x, x));
        p.add(new Bitcast(DType.I32), p.add(new ShiftRightLogical(), words.getLast(), full(p, x.type(), 20)));
    }),
    BITS_OF_FLOATS(p -> {
        // of whole numbers: the last bits of others are not the same everywhere
        Var whole = integer(p), small = p.add(new And(), whole, full(p, whole.type(), 7));
        Var x = p.add(new Convert(p.pick(p.purpose.floats)), small);
        p.add(new Bitcast(x.type().dtype()),
                p.add(new Bitcast(x.type().dtype().unsigned()), x));
    }) {
        // differences would see a slope where the derivative, by definition, is zero
        @Override boolean possible(RandomPrograms p) { return p.purpose.isOfValues(); }
    },
    TO_FLOAT(p -> {
        Var x = integer(p), y = p.add(new Convert(p.pick(p.purpose.floats)), p.add(new And(), x, full(p, x.type(), 7)));
        p.add(new Mul(), y, full(p, y.type(), 0.1));
    }),
    COUNT(p -> {
        TensorType type = new TensorType(p.pick(p.purpose.floats), Shape.of(3, p.random.nextInt(1, 4)));
        Var counts = p.add(new Iota(type, p.random.nextInt(2)));
        p.add(new Mul(), counts, full(p, type, 0.2));
    }),
    CONVERT(p -> {
        Var x = p.anyFloat();
        p.add(new Convert(p.pick(p.purpose.floats)), x);
    }) {
        @Override boolean possible(RandomPrograms p) { return p.purpose.isOfValues(); }
    },
    REDUCE_PRECISION(p -> {
        Var x = p.anyFloat();
        p.add(new ReducePrecision(8, x.type().dtype().fractionBits() - 1), x);
    }) {
        @Override boolean possible(RandomPrograms p) { return p.purpose.isOfValues(); }
    },
    NARROWER_INTEGERS(p -> {
        Var x = integer(p);
        p.add(new Bitcast(p.pick(List.of(DType.U8, DType.I8, DType.U16, DType.I16))), p.add(new Convert(DType.I64), x));
    }),

    FACTORIZE(p -> {
        int n = p.random.nextInt(1, 5);
        Op op = p.pick(List.of(new Cholesky(), new Eigh(p.random.nextBoolean()), new Lu(),
                new Qr(p.random.nextBoolean()), new Det(),
                new SlogDet(), new Pinv(1e-3), new Svd(p.random.nextBoolean() ? Svd.Vectors.NONE : Svd.Vectors.THIN)));
        Var a = matrix(p, n, op instanceof Cholesky || op instanceof Eigh);
        // the signs of vectors may hang on a last bit, and nobody else may see them
        if (op instanceof Eigh || op instanceof Svd)
            p.addAll(new Remat(Recorder.trace(List.of(a.type()), in -> Lists.map(Op.apply(op, in), Tensor::square))
                    .closed()), List.of(a));
        else p.addAll(op, List.of(a));
    }),
    SOLVE(p -> {
        int n = p.random.nextInt(1, 5);
        Var a = matrix(p, n, false), b = p.like(TensorType.of(a.type().dtype(), n, p.random.nextInt(1, 4)));
        if (p.random.nextBoolean()) {
            p.add(new TriangularSolve(true, p.random.nextBoolean(), p.random.nextBoolean(), p.random.nextBoolean()), a,
                    b);
        } else {
            // in a program of its own, since nobody else may see the factors: their derivatives are taken for zero
            boolean transpose = p.random.nextBoolean();
            p.add(new Remat(Recorder.trace(List.of(a.type(), b.type()), in -> {
                List<Tensor> lu = Op.apply(new Lu(), List.of(in.getFirst().stopGradient()));
                return List.of(new LuSolve(transpose).apply(in.get(0), lu.get(0), lu.get(2), in.get(1)));
            }).closed()), a, b);
        }
    }),
    SOLVE_TRIDIAGONAL(p -> {
        Var b = p.anyFloat();
        require(b.type().rank() == 2);
        TensorType diagonal = b.type().withShape(b.type().shape().without(List.of(1)));
        Var beside = p.add(new Mul(), p.add(new Tanh(), p.like(diagonal)), full(p, diagonal, 0.3));
        p.add(new TridiagonalSolve(), beside, p.add(new Add(), beside, full(p, diagonal, 1.5)), beside, b);
    }),
    SOLVE_LINEAR(p -> {
        // (1 + c^2) x = b
        Var b = p.anyFloat(), c = p.like(b.type());
        List<TensorType> types = List.of(b.type(), b.type());
        Program times = Recorder.trace(types, in -> List.of(in.get(1).mul(in.get(0).mul(in.get(0)).add(1)))).closed();
        Program over = Recorder.trace(types, in -> List.of(in.get(1).div(in.get(0).mul(in.get(0)).add(1)))).closed();
        var system = new LinearSolve.System(times, 1, over, 1);
        p.add(new LinearSolve(system, Optional.of(system)), c, c, c, c, b);
    }),
    REFLECT(p -> {
        // of constants, since neither has derivatives
        TensorType type = TensorType.of(p.pick(p.purpose.floats), p.random.nextInt(2, 5), 2);
        List<Var> reflections = p.addAll(new Reflections(), List.of(constant(p, type)));
        p.add(new HouseholderProduct(), reflections.get(0), reflections.get(1));
        p.add(new PivotsToPermutation(5), p.add(new Iota(TensorType.i32(3), 0)));
    }),

    SCAN(nested(p -> {
        int length = p.random.nextInt(8) == 0 ? 0 : p.random.nextInt(1, 5);
        boolean counted = p.random.nextBoolean();
        Var constant = p.anyFloat(), carry = p.anyFloat(),
                x = p.like(new TensorType(p.pick(p.purpose.floats),
                p.pick(List.of(Shape.of(length), Shape.of(length, 3)))));
        var body = inside(p, true);
        Var c = body.input(p.value(constant)), s = body.input(p.value(carry));
        if (counted) body.input(Array.scalar(1));
        Var row = body.input(Array.of(x.type().withShape(x.type().shape().dropFirst()),
                Arrays.copyOf(p.value(x).toDoubles(), x.type().shape().dropFirst().elements())));
        body.steps(p.random.nextInt(2, 7));
        List<Atom> outputs = new ArrayList<>();
        // some states are overwritten, the others mix old and new
        Var next = fitted(body, p.random.nextInt(4) == 0 ? row : body.anyFloat(), s.type());
        if (p.random.nextInt(3) > 0) next = body.add(new Add(), next,
                body.add(new Mul(), s, fitted(body, c, s.type())));
        outputs.add(body.add(new Tanh(), next));
        if (counted) outputs.add(body.add(new Add(), new Var(2, TensorType.i32()), literal(1, DType.I32)));
        for (int y = p.random.nextInt(3); y > 0; y--) outputs.add(body.add(new Tanh(), body.anyFloat()));
        List<Atom> in = new ArrayList<>(List.of(constant, carry));
        if (counted) in.add(literal(0, DType.I32));
        in.add(x);
        p.addAll(new Scan(body.program(outputs), 1, counted ? 2 : 1, length, p.random.nextBoolean()), in);
    })),
    WHILE(nested(p -> {
        Var limit = p.add(new And(), scalarInteger(p), literal(3, DType.I32)), state = p.anyFloat(),
                constant = p.anyFloat();
        var condition = inside(p, true);
        Var most = condition.input(Array.scalar(3)), count = condition.input(Array.scalar(0));
        condition.input(p.value(state));
        Program goOn = condition.program(List.of(condition.add(new Compare(Compare.Kind.LT), count, most)));
        var body = inside(p, true);
        Var k = body.input(p.value(constant)), n = body.input(Array.scalar(0)), s = body.input(p.value(state));
        body.steps(p.random.nextInt(1, 5));
        Var next = body.add(new Add(), fitted(body, body.anyFloat(), s.type()),
                body.add(new Mul(), s, fitted(body, k, s.type())));
        Program step = body.program(List.of(body.add(new Add(), n, literal(1, DType.I32)), body.add(new Tanh(), next)));
        // a limit that is too low makes reverse mode run steps again
        p.addAll(new While(goOn, step, 1, 1, p.random.nextBoolean() ? 1 : Integer.MAX_VALUE),
                List.of(limit, constant, literal(0, DType.I32), state));
    })),
    COND(nested(p -> {
        Var index = p.add(new Sub(), scalarInteger(p), literal(1, DType.I32)), a = p.anyFloat(), b = p.anyFloat();
        TensorType out = p.pick(List.of(a, b)).type();
        List<Program> branches = Lists.each(p.random.nextInt(1, 4), _ -> {
            var branch = inside(p, p.inLoop);
            branch.input(p.value(a));
            branch.input(p.value(b));
            branch.steps(p.random.nextInt(5));
            return branch.program(List.of(fitted(branch, branch.anyFloat(), out),
                    fitted(branch, branch.anyFloat(), TensorType.of(out.dtype()))));
        });
        p.addAll(new Cond(branches), List.of(index, a, b));
    })),
    REMAT(nested(p -> {
        Var a = p.anyFloat(), b = p.anyFloat();
        var body = inside(p, p.inLoop);
        body.input(p.value(a));
        body.input(p.value(b));
        body.steps(p.random.nextInt(1, 7));
        p.addAll(new Remat(body.program(body.unread())), List.of(a, b));
    }));

    /** Those that make programs inside programs. */
    static final Set<Recipes> CONTROL = EnumSet.range(SCAN, REMAT);

    private final Consumer<RandomPrograms> recipe;

    Recipes(Consumer<RandomPrograms> recipe) { this.recipe = recipe; }

    void make(RandomPrograms p) { recipe.accept(p); }

    /** Whether this kind of program has such steps. */
    boolean possible(RandomPrograms p) { return true; }

    // operands

    private static Consumer<RandomPrograms> unary(Function<RandomPrograms, Op> op) {
        return p -> p.add(op.apply(p), p.anyFloat());
    }

    private static Consumer<RandomPrograms> binary(Function<RandomPrograms, Op> op) {
        return p -> {
            Var x = p.anyFloat();
            p.add(op.apply(p), x, p.like(x.type()));
        };
    }

    /** Not in loops, of which one step only is seen while the program is made. */
    private static Consumer<RandomPrograms> kinked(Consumer<RandomPrograms> recipe) {
        return p -> {
            require(!p.inLoop);
            recipe.accept(p);
        };
    }

    private static Consumer<RandomPrograms> nested(Consumer<RandomPrograms> recipe) {
        return p -> {
            require(p.depth < 2 && (p.depth == 0 || p.random.nextInt(4) == 0));
            recipe.accept(p);
        };
    }

    private static RandomPrograms inside(RandomPrograms p, boolean inLoop) {
        return new RandomPrograms(p.random, p.purpose, p.inLoop || inLoop, p.depth + 1);
    }

    private static Var full(RandomPrograms p, TensorType type, Number value) {
        return p.add(new Broadcast(type.shape(), List.of()), literal(value, type.dtype()));
    }

    /** Numbers that depend on no argument. */
    private static Var constant(RandomPrograms p, TensorType type) {
        if (type.rank() == 0) return full(p, type, 0.5);
        Var counts = p.add(new Iota(type, type.rank() - 1));
        return p.add(new Mul(), counts, full(p, type, 0.3));
    }

    /** {@code x^2 + 0.5} */
    private static Var positive(RandomPrograms p) {
        Var x = p.anyFloat();
        return p.add(new Add(), p.add(new Mul(), x, x), full(p, x.type(), 0.5));
    }

    /** Near diag(1, 2, ..., n). */
    private static Var matrix(RandomPrograms p, int n, boolean symmetric) {
        TensorType type = TensorType.of(p.pick(p.purpose.floats), n, n), index = TensorType.i32(n, n);
        Var small = p.add(new Mul(), p.add(new Tanh(), p.like(type)), full(p, type, 0.1));
        if (symmetric) small = p.add(new Add(), small, p.add(new Transpose(List.of(1, 0)), small));
        Var rows = p.add(new Iota(index, 0)), columns = p.add(new Iota(index, 1));
        Var diagonal = p.add(new Convert(type.dtype()), p.add(new Compare(Compare.Kind.EQ), rows, columns));
        Var sizes = p.add(new Convert(type.dtype()), p.add(new Add(), rows, full(p, index, 1)));
        return p.add(new Add(), small, p.add(new Mul(), diagonal, sizes));
    }

    /** {@code x} made {@code type}: the mean over all axes, spread, converted. */
    static Var fitted(RandomPrograms p, Var x, TensorType type) {
        Var y = x;
        if (!x.type().shape().equals(type.shape())) {
            Var sum = p.add(new ReduceSum(Lists.range(0, x.type().rank())), x);
            Var mean = p.add(new Mul(), sum, literal(1.0 / Math.max(1, x.type().elements()), sum.type().dtype()));
            y = p.add(new Broadcast(type.shape(), List.of()), mean);
        }
        return y.type().dtype() == type.dtype() ? y : p.add(new Convert(type.dtype()), y);
    }

    /** Every such window has an element that is no padding, if there are any. */
    private static Window window(RandomPrograms p, int dilation) {
        int size = p.random.nextInt(1, 4);
        return new Window(size, p.random.nextInt(1, 3), p.random.nextInt(size), p.random.nextInt(size), dilation, 1);
    }

    private static List<Integer> axes(RandomPrograms p, Var x) {
        return Lists.range(0, x.type().rank()).stream().filter(_ -> p.random.nextBoolean()).toList();
    }

    private static List<Integer> each(RandomPrograms p, Var x, int from, int to) {
        return Lists.map(x.type().shape().sizes(), _ -> p.random.nextInt(from, to));
    }

    private static Var integer(RandomPrograms p) {
        List<Var> integers = p.those(v -> v.type().dtype().isInteger());
        return integers.isEmpty() ? p.add(new Iota(TensorType.i32(3), 0)) : p.pick(integers);
    }

    private static Var sameInteger(RandomPrograms p, Var x) { return p.pick(p.those(v -> v.type().equals(x.type()))); }

    private static Atom scalarInteger(RandomPrograms p) {
        List<Var> scalars = p.those(v -> v.type().equals(TensorType.i32()));
        return scalars.isEmpty() ? literal(2, DType.I32) : p.pick(scalars);
    }

    private static List<Atom> starts(RandomPrograms p, Var x) {
        return Lists.each(x.type().rank(), _ -> scalarInteger(p));
    }

    /** Integers of any shape, with a last axis of size 1. */
    private static Var positions(RandomPrograms p) {
        Var i = integer(p);
        return p.add(new Reshape(i.type().shape().insert(i.type().rank(), 1)), i);
    }

    private static Op set(GatherAxes axes, GatherAxes.Mode mode) { return new ScatterSet(axes, mode, false); }

    private static List<Var> scatter(RandomPrograms p, BiFunction<GatherAxes, GatherAxes.Mode, Op> op,
            Function<TensorType, Var> updates) {
        Var x = p.anyFloat();
        require(x.type().rank() >= 1 && x.type().shape().size(0) > 0);
        Var at = positions(p);
        int n = at.type().rank() - 1, rest = x.type().rank() - 1;
        var axes = new GatherAxes(Lists.range(n, rest), List.of(0), List.of(0), List.of(), List.of());
        Shape shape = new Shape(Lists.concat(at.type().shape().sizes().subList(0, n),
                x.type().shape().dropFirst().sizes()));
        Var u = updates.apply(x.type().withShape(shape));
        p.add(op.apply(axes, p.pick(List.of(GatherAxes.Mode.CLIP, GatherAxes.Mode.FILL_OR_DROP))), x, at, u);
        return List.of(x, at, u);
    }

    // conditions

    private static void requireApart(RandomPrograms p, Var x, double from) {
        for (double value : p.value(x).toDoubles()) require(Math.abs(value - from) > p.purpose.margin());
    }

    private static void requireApart(RandomPrograms p, Var x, Var y) {
        double[] a = p.value(x).toDoubles(), b = p.value(y).toDoubles();
        for (int i = 0; i < a.length; i++) require(Math.abs(a[i] - b[i]) > p.purpose.margin());
    }

    private static void requireDistinct(RandomPrograms p, Var... x) {
        double[] sorted = Stream.of(x).flatMapToDouble(v -> DoubleStream.of(p.value(v).toDoubles())).sorted().toArray();
        for (int i = 1; i < sorted.length; i++) require(sorted[i] - sorted[i - 1] > p.purpose.margin());
    }
}
