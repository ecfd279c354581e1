package javelin.core;

/** An op was met by a transformation it has no rule for; no gradient is ever dropped in silence. */
public final class NoRuleException extends JavelinException {
    public NoRuleException(Op op, String rule, String remedy) {
        super(op + " has no " + rule + "; " + remedy);
    }

    /** For a rule that is missed long after the op was recorded, at {@code source}. */
    public NoRuleException(Op op, String rule, String remedy, SourceLine source) {
        super(op + " has no " + rule + "; " + remedy, source);
    }
}
