package javelin.nn;

/**
 * What a module gives in training.
 *
 * @param value   its result
 * @param updates every collection but the parameters, as the call left it, such as running statistics; write it back
 *                with
 *                {@link Variables#with(Variables)}. Empty for modules without state
 */
public record Applied<T>(T value, Variables updates) {}
