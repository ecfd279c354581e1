package javelin.conformance;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javelin.core.Lists;
import javelin.io.Safetensors;
import tools.jackson.databind.JsonNode;

/**
 * Cases kept in one compressed file, with the arrays they name and nothing else: {@code NAME.jsonl} and
 * {@code NAME.safetensors} for every suite, and {@code counts.txt}, what became of the others.
 */
public final class Kept {
    private static final String COUNTS = "counts.txt";

    /** Cases of a primitive in the suite lax, so that the file stays below 1.5 MB. */
    private static final int MOST = 12;

    private Kept() {}

    /** Reads what {@link #write} wrote: the cases, and the text of the counts. */
    public record Contents(List<Case> cases, String counts) {}

    public static Contents read(InputStream in) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry())
                files.put(e.getName(), zip.readAllBytes());
        }
        List<Case> cases = new ArrayList<>();
        for (String name : files.keySet()) {
            if (!name.endsWith(".jsonl")) continue;
            String suite = name.substring(0, name.length() - ".jsonl".length());
            var lines = new BufferedReader(new StringReader(new String(files.get(name), StandardCharsets.UTF_8)));
            cases.addAll(Runner.cases(suite, lines, Safetensors.of(files.get(suite + ".safetensors")), _ -> true));
        }
        return new Contents(cases, new String(files.get(COUNTS), StandardCharsets.UTF_8));
    }

    /**
     * Writes the cases that passed. Of a primitive with many of them in the suite {@code lax} only {@link #MOST} are
     * kept, evenly spread over it.
     */
    static void write(OutputStream out, List<Outcome> outcomes) throws IOException {
        Map<String, Map<String, List<Case>>> bySuite = new LinkedHashMap<>();
        for (Outcome o : outcomes)
            if (o.passed()) bySuite.computeIfAbsent(o.suite(), _ -> new TreeMap<>())
                    .computeIfAbsent(o.group(), _ -> new ArrayList<>()).add(o.tested());
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(9);
            for (var suite : bySuite.entrySet()) {
                List<Case> kept = new ArrayList<>();
                for (List<Case> group : suite.getValue().values())
                    kept.addAll(suite.getKey().equals("lax") ? spread(group) : group);
                StringBuilder lines = new StringBuilder();
                TreeSet<String> arrays = new TreeSet<>();
                for (Case c : kept) {
                    lines.append(c.json()).append('\n');
                    addNames(c.json(), c.file(), arrays);
                }
                entry(zip, suite.getKey() + ".jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
                var some = new ByteArrayOutputStream();
                kept.getFirst().file().writeSome(some, arrays);
                entry(zip, suite.getKey() + ".safetensors", some.toByteArray());
            }
            entry(zip, COUNTS, counts(outcomes).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static <T> List<T> spread(List<T> list) {
        int n = Math.min(MOST, list.size());
        return Lists.each(n, i -> list.get(i * list.size() / n));
    }

    /** Every text within {@code node} that names an array. */
    private static void addNames(JsonNode node, Safetensors file, TreeSet<String> names) {
        if (node.isString() && file.names().contains(node.asString())) names.add(node.asString());
        for (JsonNode child : node) addNames(child, file, names);
    }

    /** Fixed times, so that the same cases give the same file. */
    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /** A line for each suite and each reason: suite, passed or why not, how many. */
    private static String counts(List<Outcome> outcomes) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Outcome o : outcomes)
            counts.merge(o.suite() + "\t" + o.failure().map(Failure::reason).orElse("passed"), 1, Integer::sum);
        StringBuilder lines = new StringBuilder();
        counts.forEach((what, n) -> lines.append(what).append('\t').append(n).append('\n'));
        return lines.toString();
    }
}
