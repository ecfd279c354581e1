package javelin.conformance;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Counts outcomes and prints them: by suite and group, then the reasons of failure, then the total. */
final class Report {
    /** How many examples of a reason are shown. */
    private static final int EXAMPLES = 2;

    private final List<Outcome> outcomes = new ArrayList<>();

    public void add(Outcome outcome) { outcomes.add(outcome); }

    public List<Outcome> all() { return List.copyOf(outcomes); }

    public long passed() { return outcomes.stream().filter(Outcome::passed).count(); }

    public long failed() { return outcomes.size() - passed(); }

    private record Count(int passed, int failed) {
        static Count of(Outcome o) { return o.passed() ? new Count(1, 0) : new Count(0, 1); }

        Count plus(Count that) { return new Count(passed + that.passed, failed + that.failed); }

        @Override public String toString() { return "%6d %6d".formatted(passed, failed); }
    }

    /** The whole report; its last line is {@code N passed, N failed}. */
    public void print(PrintWriter out) {
        Map<String, Map<String, Count>> table = new LinkedHashMap<>();
        for (Outcome o : outcomes) table.computeIfAbsent(o.suite(), _ -> new TreeMap<>())
                .merge(o.group(), Count.of(o), Count::plus);
        out.printf("%-44s %6s %6s%n", "suite and group", "passed", "failed");
        table.forEach((suite, groups) -> {
            out.printf("%-44s %s%n", suite, groups.values().stream().reduce(new Count(0, 0), Count::plus));
            groups.forEach((group, count) -> out.printf("  %-42s %s%n", group, count));
        });
        reasons(out);
        out.printf("%d passed, %d failed%n", passed(), failed());
        out.flush();
    }

    private void reasons(PrintWriter out) {
        Map<String, List<Outcome>> byReason = new LinkedHashMap<>();
        for (Outcome o : outcomes)
            o.failure().ifPresent(f -> byReason.computeIfAbsent(f.reason(), _ -> new ArrayList<>()).add(o));
        if (byReason.isEmpty()) return;
        out.printf("%n%s%n", "reasons of failure");
        byReason.entrySet().stream().sorted(Comparator.comparing(e -> -e.getValue().size())).forEach(e -> {
            out.printf("%6d  %s%n", e.getValue().size(), e.getKey());
            if (!e.getKey().startsWith("unsupported"))
                for (Outcome o : e.getValue().subList(0, Math.min(EXAMPLES, e.getValue().size())))
                    out.printf("          %s%n            %s%n", o.id(), o.failure().orElseThrow().getMessage());
        });
        out.println();
    }

    /** One JSON object a line: id, passed, reason. */
    public void write(PrintWriter out) {
        for (Outcome o : outcomes) {
            var line = JsonMapper.shared().createObjectNode().put("id", o.id()).put("passed", o.passed());
            o.failure().ifPresent(f -> line.put("reason", f.getMessage()));
            out.println(line);
        }
        out.flush();
    }
}
