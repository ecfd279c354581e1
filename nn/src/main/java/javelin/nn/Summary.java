package javelin.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import javelin.core.type.TensorType;

/** The table of {@link Nn#tabulate}, drawn as text. */
final class Summary {
    private Summary() {}

    /** @param variables the type of every variable, by path from its collection on */
    static String table(List<Session.Call> calls, Map<String, TensorType> variables) {
        List<String> collections = new ArrayList<>();
        for (String path : variables.keySet()) if (!collections.contains(collection(path))) collections
                .add(collection(path));
        List<List<List<String>>> rows = new ArrayList<>();                // of cells of lines
        List<List<String>> head = new ArrayList<>(List
                .of(List.of("path"), List.of("module"), List.of("inputs"), List.of("outputs")));
        for (String c : collections) head.add(List.of(c));
        rows.add(head);
        List<String> seen = new ArrayList<>();
        for (Session.Call call : calls) {
            List<List<String>> row = new ArrayList<>(List
                    .of(List.of(call.path()), List.of(call.module()), lines(call.inputs()), lines(call.outputs())));
            boolean again = seen.contains(call.path());                  // a shared module has its variables once
            for (String c : collections) row.add(again ? List.of() : own(c, call.path(), variables));
            seen.add(call.path());
            rows.add(row);
        }
        List<List<String>> total = new ArrayList<>(List.of(List.of(), List.of(), List.of(), List.of("Total")));
        for (String c : collections) total
                .add(List.of(count(variables.entrySet().stream().filter(e -> collection(e.getKey()).equals(c))
                .map(Map.Entry::getValue).toList())));
        rows.add(total);
        return draw(rows) + "Total " + (collections.equals(List.of(Variables.PARAMS)) ? "parameters: " : "variables: ")
                + count(variables.values()) + "\n";
    }

    private static String collection(String path) { return path.substring(0, path.indexOf('/')); }

    /** The variables right at {@code module}, and how much they are together. */
    private static List<String> own(String collection, String module, Map<String, TensorType> variables) {
        String prefix = collection + "/" + (module.isEmpty() ? "" : module + "/");
        SequencedMap<String, TensorType> own = new LinkedHashMap<>();
        variables.forEach((path, type) -> {
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) own
                    .put(path.substring(prefix.length()), type);
        });
        if (own.isEmpty()) return List.of();
        List<String> lines = new ArrayList<>();
        own.forEach((name, type) -> lines.add(name + ": " + type));
        lines.add(count(own.values()));
        return lines;
    }

    private static List<String> lines(List<TensorType> types) {
        return types.stream().map(TensorType::toString).toList();
    }

    /** Elements and their size in memory: {@code 1,234 (4.9 KB)}. */
    private static String count(Collection<TensorType> types) {
        long elements = types.stream().mapToLong(TensorType::elements).sum(), bytes = types.stream()
                .mapToLong(TensorType::bytes).sum();
        return String.format(Locale.ROOT, "%,d (%s)", elements, bytes < 1000 ? bytes + " B" : bytes < 1_000_000 ? String
                .format(Locale.ROOT, "%.1f KB", bytes / 1e3)
                : bytes < 1_000_000_000 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6) : String
                        .format(Locale.ROOT, "%.1f GB", bytes / 1e9));
    }

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
        return java.util.stream.IntStream.of(width).mapToObj(w -> "─".repeat(w + 2))
                .collect(Collectors.joining(between, left, right + "\n"));
    }
}
