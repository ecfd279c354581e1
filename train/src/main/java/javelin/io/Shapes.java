package javelin.io;

import java.util.List;
import javelin.core.type.Shape;

/** Shapes as files say them. */
final class Shapes {
    private static final int MOST_AXES = 64;                             // NumPy's limit

    private Shapes() {}

    /** @throws FormatException if a size is negative, or if they are more than a tensor can have */
    static Shape of(List<Long> sizes, String name) {
        if (sizes.size() > MOST_AXES) throw new FormatException(name + " has " + sizes.size() + " axes");
        for (long size : sizes)
            if (size < 0 || size > Integer.MAX_VALUE) throw new FormatException(name + " has a bad shape: " + sizes);
        try {
            return new Shape(sizes.stream().map(Long::intValue).toList());
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + " has a bad shape", e);
        }
    }
}
