/** The runner of the language-neutral cases. */
module javelin.conformance {
    requires javelin.core;
    requires javelin.nn;
    requires javelin.optim;
    requires javelin.train;
    requires info.picocli;
    requires tools.jackson.databind;

    opens javelin.conformance to info.picocli;
}
