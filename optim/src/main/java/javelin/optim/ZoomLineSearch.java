package javelin.optim;

import static javelin.optim.TreeMath.where;

import java.util.OptionalDouble;
import java.util.function.Function;
import javelin.Control;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Finds a step along the updates where the loss has fallen enough and its slope too (the strong Wolfe conditions):
 * first an interval that holds one, by doubling, then smaller ones, by cubic and quadratic interpolation. Nocedal and
 * Wright,
 * "Numerical optimization", 2nd edition, algorithms 3.5 and 3.6, with the approximate decrease of Hager and Zhang,
 * "Algorithm 851", 2006, which rounding near a minimum does not spoil. Needs the {@link Loss}' value, gradient and
 * function. (optax.scale_by_zoom_linesearch)
 */
public record ZoomLineSearch<P>(Settings settings) implements LossAware<P, ZoomLineSearch.State<P>> {

    /**
     * @param maxSteps          how often the loss is computed
     * @param maxLearningRate   no longer steps than this
     * @param tol               by which the conditions may be missed
     * @param increaseFactor    of the step until there is an interval
     * @param slopeRtol         the share of the slope by which the loss must fall
     * @param curvRtol          the share of the slope that may be left
     * @param approxDecRtol     the share of the loss by which it may rise if slopes say that it falls
     * @param stepsizePrecision the length at which intervals are not divided further
     * @param keepGuess         whether the first guess is the last step, and not 1
     */
    public record Settings(int maxSteps, OptionalDouble maxLearningRate, double tol, double increaseFactor,
            double slopeRtol, double curvRtol, OptionalDouble approxDecRtol, double stepsizePrecision,
            boolean keepGuess) {
        /** No longest step, 0, 2, 1e-4, 0.9, 1e-6, 1e-5, from the last step. */
        public static Settings of(int maxSteps) {
            return new Settings(maxSteps, OptionalDouble.empty(), 0, 2, 1e-4, 0.9, OptionalDouble.of(1e-6), 1e-5, true);
        }

        public Settings withKeepGuess(boolean keepGuess) {
            return new Settings(maxSteps, maxLearningRate, tol, increaseFactor, slopeRtol, curvRtol, approxDecRtol,
                    stepsizePrecision, keepGuess);
        }
    }

    /**
     * @param value the loss after the step, @param grad its gradient there, @param steps how often both were computed
     */
    public record State<P>(Tensor learningRate, Tensor value, P grad, Tensor steps, Tensor decreaseError,
            Tensor curvatureError) implements LineSearch.Reached<P> {}

    /** A step along the line, the loss there and its slope. */
    private record Point(Tensor step, Tensor value, Tensor slope) {}

    /**
     * @param low    the better end of the interval, @param high the other, @param third another known point
     * @param safe   the best step so far where the loss has fallen enough, 0 if none
     */
    private record Search<P>(Tensor count, Point now, P grad, Tensor decreaseError, Tensor curvatureError,
            Tensor found, Tensor done, Tensor failed, Point low, Point high, Point third, Point safe, P safeGrad) {}

    @Override public State<P> init(P params) {
        Tensor one = TreeMath.scalar(params, 1), infinite = one.like(Double.POSITIVE_INFINITY);
        return new State<>(one, infinite, TreeMath.zeros(params), Counted.none(), infinite, infinite);
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params, Loss<P> loss) {
        String who = "the zoom line search";
        DType type = state.value().dtype();
        P gradient = loss.gradient(who);
        Tensor zero = state.value().like(0), infinite = state.value().like(Double.POSITIVE_INFINITY);
        Point start = new Point(zero, loss.value(who, type), TreeMath.dot(gradients, gradient).astype(type));
        Tensor guess = settings.keepGuess() ? state.learningRate() : zero.like(1), no = Array.scalar(0, DType.BOOL);
        var at = Transforms.valueAndGrad(loss.function(who));
        var line = new Line<P>(settings, start, guess, step -> {
            var there = at.apply(TreeMath.addScaled(params, step, gradients));
            Tensor slope = TreeMath.dot(there.grad(), gradients).astype(type);
            return new Reached<>(new Point(step, there.value().astype(type), slope), there.grad());
        });
        Search<P> end = Control.whileLoop((Search<P> s) -> s.done().or(s.failed()).not(), line::next,
                new Search<>(Counted.none(), start, gradient, infinite, infinite, no, no, no, start, start, start,
                        start, gradient));
        return new Step<>(TreeMath.scale(end.now().step(), gradients), new State<>(end.now().step(),
                end.now().value(), end.grad(), end.count(), end.decreaseError(), end.curvatureError()));
    }

    private record Reached<P>(Point point, P grad) {}

    /** One search: from where, the first guess, and the loss anywhere on the line. */
    private record Line<P>(Settings settings, Point start, Tensor guess, Function<Tensor, Reached<P>> loss) {

        /** Computes the loss at one more step: a longer one, or if an interval is known one within. */
        Search<P> next(Search<P> s) {
            Tensor first = s.count().eq(0), zoom = s.found();
            Tensor longer = first.where(guess, s.now().step().mul(settings.increaseFactor()));
            Tensor atEnd = settings.maxLearningRate().isEmpty() ? Array.scalar(0, DType.BOOL)
                    : longer.ge(settings.maxLearningRate().getAsDouble());
            if (settings.maxLearningRate().isPresent())
                longer = longer.minimum(settings.maxLearningRate().getAsDouble());
            Reached<P> there = loss.apply(zoom.where(within(s), longer));
            Point now = there.point();
            Tensor decrease = decreaseError(now), curvature = excess(now.slope().abs()
                    .sub(start.slope().abs().mul(settings.curvRtol())));
            Tensor good = decrease.maximum(curvature).le(settings.tol());
            Tensor enough = decrease.le(settings.tol()), tooHigh = decrease.gt(0);
            Tensor safer = enough.and(zoom.not().or(now.value().lt(s.safe().value())));
            Point safe = where(safer, now, s.safe());
            Tensor count = s.count().add(1), last = count.ge(settings.maxSteps());

            // looking for an interval: the last two steps, in the right order
            Tensor upper = tooHigh.or(now.value().ge(s.now().value()).and(first.not()));
            Tensor turned = now.slope().ge(0).and(upper.not());
            Tensor found = upper.or(turned).or(good);
            Point low = where(turned, now, s.now()), high = where(turned, s.now(), now);

            // dividing one: the part that holds a good step
            Tensor replacesHigh = tooHigh.or(now.value().ge(s.low().value()));
            Tensor swaps = now.slope().mul(s.high().step().sub(s.low().step())).ge(0).and(replacesHigh.not());
            Point zoomHigh = where(swaps, s.low(), where(replacesHigh, now, s.high()));
            Point zoomLow = where(replacesHigh, s.low(), now);
            Point third = where(replacesHigh.or(swaps), s.high(), s.low());
            Tensor narrow = s.high().step().sub(s.low().step()).abs().le(settings.stepsizePrecision());

            Tensor done = good.or(zoom.not().and(atEnd).and(found.not()));
            Tensor failed = last.or(zoom.and(narrow).and(safe.step().gt(0))).and(done.not());
            P safeGrad = where(safer, there.grad(), s.safeGrad());
            Tensor back = failed.and(safe.step().gt(0).or(decrease.isFinite().not()));
            return new Search<>(count, where(back, safe, now), where(back, safeGrad, there.grad()), decrease,
                    curvature, zoom.or(found), done, failed, where(zoom, zoomLow, low), where(zoom, zoomHigh, high),
                    where(zoom, third, low), safe, safeGrad);
        }

        private Tensor decreaseError(Point p) {
            double slopeRtol = settings.slopeRtol();
            Tensor risen = p.value().sub(start.value());
            Tensor error = risen.sub(p.step().mul(slopeRtol).mul(start.slope()));
            if (settings.approxDecRtol().isPresent()) {
                Tensor slopes = p.slope().sub(start.slope().mul(2 * slopeRtol - 1));
                Tensor near = risen.sub(start.value().abs().mul(settings.approxDecRtol().getAsDouble()));
                error = slopes.maximum(near).minimum(error);
            }
            return excess(error);
        }

        private static Tensor excess(Tensor error) {
            return error.isNaN().where(error.like(Double.POSITIVE_INFINITY), error.maximum(0));
        }

        /** The minimum of a cubic through the interval's ends and the third point, of a parabola, or the middle. */
        private static <P> Tensor within(Search<P> s) {
            Tensor a = s.low().step(), b = s.high().step(), length = b.sub(a).abs();
            Tensor cubic = cubicMinimum(s.low(), s.high(), s.third()), parabola = parabolaMinimum(s.low(), s.high());
            Tensor middle = a.add(b).div(2);
            return inside(cubic, a, b, length.mul(0.2))
                    .where(cubic, inside(parabola, a, b, length.mul(0.1)).where(parabola, middle));
        }

        private static Tensor inside(Tensor x, Tensor a, Tensor b, Tensor margin) {
            return x.gt(a.minimum(b).add(margin)).and(x.lt(a.maximum(b).sub(margin)));
        }

        /** Of the cubic with value and slope of {@code a} and the values of the others; NaN if there is none. */
        private static Tensor cubicMinimum(Point a, Point b, Point c) {
            Tensor db = b.step().sub(a.step()), dc = c.step().sub(a.step());
            Tensor rb = b.value().sub(a.value()).sub(a.slope().mul(db));
            Tensor rc = c.value().sub(a.value()).sub(a.slope().mul(dc));
            Tensor denominator = db.mul(dc).square().mul(db.sub(dc));
            Tensor third = dc.square().mul(rb).sub(db.square().mul(rc)).div(denominator);
            Tensor second = db.pow(3).mul(rc).sub(dc.pow(3).mul(rb)).div(denominator);
            Tensor root = second.square().sub(third.mul(3).mul(a.slope())).sqrt();
            return a.step().add(root.sub(second).div(third.mul(3)));
        }

        private static Tensor parabolaMinimum(Point a, Point b) {
            Tensor db = b.step().sub(a.step());
            Tensor second = b.value().sub(a.value()).sub(a.slope().mul(db)).div(db.square());
            return a.step().sub(a.slope().div(second.mul(2)));
        }
    }
}
