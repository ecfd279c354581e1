package javelin.core.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Domains: ways to draw the values of inputs. */
public interface Draws {
    double next(RandomGenerator random);

    /** Evenly between the two. */
    static Draws range(double low, double high) { return random -> random.nextDouble(low, high); }

    /** Whole numbers from low to high, both included. */
    static Draws whole(long low, long high) { return random -> random.nextLong(low, high + 1); }

    /** As {@code range(low, high)} with either sign: away from 0. */
    static Draws eitherSign(double low, double high) {
        return random -> random.nextDouble(low, high) * (random.nextBoolean() ? 1 : -1);
    }

    /** Between -3 and 3, at least 0.1 from multiples of one half: away from the jumps of floor, ceil and round. */
    static Draws betweenHalves() { return random -> 0.5 * random.nextInt(-6, 6) + random.nextDouble(0.1, 0.4); }

    /** Numbers any arithmetic of the type is exact for. */
    static Draws small(DType type) {
        return switch (type.kind()) {
            case FLOAT -> range(-3, 3);
            case SIGNED -> whole(-9, 9);
            case UNSIGNED -> whole(0, 9);
            case BOOLEAN -> whole(0, 1);
        };
    }

    /** Numbers of all magnitudes. */
    static Draws wide(DType type) {
        if (type.isFloat()) return range(-1000, 1000);
        if (type == DType.BOOL) return whole(0, 1);
        long exact = 1L << 53, highest = type == DType.U64 ? exact : Math.min(exact, type.highest().longValue());
        return whole(Math.max(-exact, type.lowest().longValue()), highest);
    }

    default Array array(TensorType type, RandomGenerator random) { return filled(type, () -> next(random)); }

    static Array filled(TensorType type, DoubleSupplier next) {
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = next.getAsDouble();
        return Array.of(type, numbers);
    }

    /** Every input from its own domain. */
    static OpCase.Inputs each(List<TensorType> types, List<Draws> domains) {
        return random -> Lists.each(types.size(), i -> domains.get(i).array(types.get(i), random));
    }

    /**
     * All elements of all inputs different by a good part of (high - low) / elements: away from the kinks where two of
     * them are equal.
     */
    static OpCase.Inputs distinct(List<TensorType> types, double low, double high) {
        return random -> {
            int count = types.stream().mapToInt(TensorType::elements).sum();
            List<Integer> places = new ArrayList<>(Lists.range(0, count));
            Collections.shuffle(places, Random.from(random));
            var place = places.iterator();
            return Lists.map(types, t -> filled(t, () -> low
                    + (place.next() + random.nextDouble(0.3, 0.7)) * (high - low) / count));
        };
    }
}
