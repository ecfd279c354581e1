package javelin.check;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Array;
import javelin.core.ops.Callback;

/** What random programs tell while they run: every run must tell the same numbers in the same order. */
public record Told(int number) implements Callback.Host {
    private static final ScopedValue<List<Array>> HEARD = ScopedValue.newInstance();

    /** What is told during {@code work}: who told it, then what. */
    public static List<Array> during(Runnable work) {
        List<Array> heard = new ArrayList<>();
        ScopedValue.where(HEARD, heard).run(work);
        return heard;
    }

    @Override public List<Array> call(List<Array> in) {
        if (HEARD.isBound()) {
            HEARD.get().add(Array.scalar(number));
            HEARD.get().addAll(in);
        }
        return List.of();
    }
}
