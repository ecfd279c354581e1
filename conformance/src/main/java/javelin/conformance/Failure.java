package javelin.conformance;

/** Why a case did not pass. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /**
     * @param reason what cases that fail alike have in common, for counting
     * @param detail what is particular to this case; may be empty
     */
    public Failure(String reason, String detail) {
        super(detail.isEmpty() ? reason : reason + ": " + detail);
        this.reason = reason;
    }

    /** A case that asks for something Javelin does not have. */
    public static Failure unsupported(String what) { return new Failure("unsupported: " + what, ""); }

    public String reason() { return reason; }
}
