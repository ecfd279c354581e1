package javelin.compiler.library;

import java.util.ArrayList;
import java.util.List;
import javelin.core.ops.Window;

/**
 * Part of a convolution along one axis: the outputs {@code first, first + step, ...}, all of which meet input elements
 * with the same elements of the window, {@code tap, tap + tapStep, ...}; the others meet what base dilation puts in
 * between. Output q meets with tap t the input element {@code start + q stride + t dilation}, which may be beyond
 * either end.
 */
record Taps(int first, int step, int count, int tap, int tapStep, int taps, int start, int stride, int dilation) {
    /** The parts of a window over an axis with so many outputs. */
    static List<Taps> of(Window w, int outputs) {
        int base = w.baseDilation(), step = base / gcd(base, w.stride()), tapStep = base / gcd(base, w.dilation());
        List<Taps> parts = new ArrayList<>();
        for (int first = 0; first < Math.min(step, outputs); first++) {
            int tap = 0, count = Math.ceilDiv(outputs - first, step);
            while (tap < tapStep && Math.floorMod(position(w, first, tap), base) != 0) tap++;
            int taps = tap == tapStep ? 0 : Math.max(0, Math.ceilDiv(w.size() - tap, tapStep));
            parts.add(new Taps(first, step, count, tap, tapStep, taps, Math.floorDiv(position(w, first, tap), base),
                    step * w.stride() / base, tapStep * w.dilation() / base));
        }
        return parts;
    }

    private static int position(Window w, int output, int tap) {
        return output * w.stride() + tap * w.dilation() - w.low();
    }

    private static int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }

    /** The last input element that is met. */
    int last() { return start + (count - 1) * stride + (taps - 1) * dilation; }
}
