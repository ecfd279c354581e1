package javelin.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javelin.core.Lists;
import javelin.core.type.TensorType;

/** The table of {@link Nn#tabulate}, drawn as text. */
final class Summary {
    private Summary() {}

    /** @param variables the type of every variable, by path from its collection on */
    static String table(List<Calls.Call> calls, Map<String, TensorType> variables) {
        List<String> collections = variables.keySet().stream().map(Summary::collection).distinct().toList();
        List<List<List<String>>> rows = new ArrayList<>();               // of cells of lines
        rows.add(Lists.map(Lists.concat(List.of("path", "module", "inputs", "outputs", "flops"), collections),
                List::of));
        Set<String> seen = new HashSet<>();
        for (Calls.Call call : calls) {
            boolean first = seen.add(call.path());                       // a shared module has its variables once
            List<List<String>> own = Lists.map(collections, c -> first ? own(c, call.path(), variables) : List.of());
            rows.add(Lists.concat(List.of(List.of(call.path()), List.of(call.module()), lines(call.inputs()),
                    lines(call.outputs()), List.of("%,d".formatted(call.flops()))), own));
        }
        List<List<String>> totals = Lists.map(collections, c -> List.of(count(of(c, variables))));
        rows.add(Lists.concat(List.of(List.of(), List.of(), List.of(), List.of("Total"), List.of()), totals));
        String what = collections.equals(List.of(Variables.PARAMS)) ? "parameters" : "variables";
        return draw(rows) + "Total " + what + ": " + count(variables.values()) + "\n";
    }

    private static String collection(String path) { return path.substring(0, path.indexOf('/')); }

    private static List<TensorType> of(String collection, Map<String, TensorType> variables) {
        return variables.entrySet().stream().filter(e -> collection(e.getKey()).equals(collection))
                .map(Map.Entry::getValue).toList();
    }

    /** The variables right at {@code module}, and how much they are together. */
    private static List<String> own(String collection, String module, Map<String, TensorType> variables) {
        String prefix = collection + "/" + (module.isEmpty() ? "" : module + "/");
        SequencedMap<String, TensorType> own = new LinkedHashMap<>();
        variables.forEach((path, type) -> {
            boolean here = path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0;
            if (here) own.put(path.substring(prefix.length()), type);
        });
        if (own.isEmpty()) return List.of();
        List<String> lines = new ArrayList<>();
        own.forEach((name, type) -> lines.add(name + ": " + type));
        lines.add(count(own.values()));
        return lines;
    }

    private static List<String> lines(List<TensorType> types) { return Lists.map(types, TensorType::toString); }

    /** Elements and their size in memory: {@code 1,234 (4.9 KB)}. */
    private static String count(Collection<TensorType> types) {
        long elements = types.stream().mapToLong(TensorType::elements).sum();
        long bytes = types.stream().mapToLong(TensorType::bytes).sum();
        String size = bytes < 1000 ? bytes + " B" : bytes < 1_000_000 ? thousands(bytes / 1e3, "KB")
                : bytes < 1_000_000_000 ? thousands(bytes / 1e6, "MB") : thousands(bytes / 1e9, "GB");
        return String.format(Locale.ROOT, "%,d (%s)", elements, size);
    }

    private static String thousands(double size,
            String unit) { return String.format(Locale.ROOT, "%.1f %s", size, unit); }

    private static String draw(List<List<List<String>>> rows) {
        int columns = rows.getFirst().size();
        int[] width = new int[columns];
        for (var row : rows)
            for (int c = 0; c < columns; c++)
                for (String line : row.get(c)) width[c] = Math.max(width[c], line.length());
        StringBuilder text = new StringBuilder(rule(width, "┌", "┬", "┐"));
        for (int r = 0; r < rows.size(); r++) {
            if (r > 0) text.append(rule(width, "├", "┼", "┤"));
            var row = rows.get(r);
            int height = row.stream().mapToInt(List::size).max().orElse(1);
            for (int l = 0; l < height; l++) {
                for (int c = 0; c < columns; c++) {
                    String line = l < row.get(c).size() ? row.get(c).get(l) : "";
                    text.append("│ ").append(line).repeat(" ", width[c] - line.length() + 1);
                }
                text.append("│\n");
            }
        }
        return text.append(rule(width, "└", "┴", "┘")).toString();
    }

    private static String rule(int[] width, String left, String between, String right) {
        return IntStream.of(width).mapToObj(w -> "─".repeat(w + 2))
                .collect(Collectors.joining(between, left, right + "\n"));
    }
}
