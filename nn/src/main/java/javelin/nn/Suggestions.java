package javelin.nn;

import java.util.Collection;
import java.util.Comparator;

/** The end of an error message about a name that is not there. */
final class Suggestions {
    private Suggestions() {}

    /** {@code "; it has a, b. Did you mean 'a'?"} */
    static String of(String wanted, Collection<String> names) {
        if (names.isEmpty()) return "; it is empty.";
        String closest = names.stream().min(Comparator.comparingInt(n -> distance(wanted, n))).orElseThrow();
        boolean near = distance(wanted, closest) <= Math.max(1, Math.min(wanted.length(), closest.length()) / 2);
        return "; it has " + String.join(", ", names) + (near ? ". Did you mean '" + closest + "'?" : ".");
    }

    /** How many letters must be inserted, deleted or replaced (Levenshtein), whatever their case. */
    private static int distance(String a, String b) {
        String x = a.toLowerCase(java.util.Locale.ROOT), y = b.toLowerCase(java.util.Locale.ROOT);
        int[] before = new int[y.length() + 1];
        for (int j = 0; j <= y.length(); j++) before[j] = j;
        for (int i = 1; i <= x.length(); i++) {
            int[] row = new int[y.length() + 1];
            row[0] = i;
            for (int j = 1; j <= y.length(); j++) {
                int replaced = before[j - 1] + (x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[y.length()];
    }
}
