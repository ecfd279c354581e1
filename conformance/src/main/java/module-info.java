/** The runner of the language-neutral cases; exports nothing but its types for the tools that read the same files. */
module javelin.conformance {
    requires javelin.core;
    requires javelin.nn;
    requires javelin.optim;
    requires info.picocli;
    requires tools.jackson.databind;

    exports javelin.conformance;
    exports javelin.conformance.jaxpr;
    opens javelin.conformance to info.picocli;
}
