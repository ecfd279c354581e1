/**
 * Everything a user needs, as one dependency; {@code import module javelin;} imports every exported type of it.
 * Has no code of its own. See docs/decisions/0002-one-dependency.md.
 */
module javelin {
    requires transitive javelin.core;
    requires transitive javelin.nn;
    requires transitive javelin.optim;
    requires transitive javelin.train;
}
