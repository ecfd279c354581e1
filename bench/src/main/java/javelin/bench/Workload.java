package javelin.bench;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something users wait for. Preparing it draws its inputs; running it gives a result, which whoever runs it must
 * keep.
 */
sealed interface Workload {
    String name();

    /** A run that is done over and over, compiled long since. */
    record Repeated(String name, Function<Inputs, Supplier<?>> prepare) implements Workload {}

    /** A first call, each run of which traces and compiles anew. */
    record FirstCall(String name, Function<Inputs, Supplier<?>> prepare) implements Workload {}

    Function<Inputs, Supplier<?>> prepare();
}
