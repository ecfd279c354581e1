package javelin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.DotGeneral;
import javelin.core.type.TensorType;

/**
 * Einstein's summation convention, as numpy.einsum and jnp.einsum: a letter for every axis, {@code ...} for axes that
 * broadcast, a letter that is not in the output is summed over. More than two tensors are contracted in pairs, in the
 * order with the fewest multiplications: of all orders up to five tensors, beyond that the best pair first (the orders
 * "optimal" and "greedy" of opt_einsum, Smith and Gray, JOSS 2018).
 */
final class Einsum {
    private static final int FEW = 5;

    /** A tensor and the letter of each of its axes, each once. */
    private record Term(Tensor tensor, String axes) {}

    private final String equation;
    private final List<TensorType> types;
    private final Map<Character, Integer> sizes = new LinkedHashMap<>();

    private Einsum(String equation, List<TensorType> types) {
        this.equation = equation;
        this.types = types;
    }

    static Tensor of(String equation, List<Tensor> tensors) {
        return new Einsum(equation.replace(" ", ""), Lists.map(tensors, Tensor::type)).run(tensors);
    }

    private ShapeException wrong(String problem) {
        return new ShapeException("einsum \"" + equation + "\"", types, problem);
    }

    private Tensor run(List<Tensor> tensors) {
        int arrow = equation.indexOf("->");
        List<String> inputs = Arrays.asList((arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1));
        if (inputs.size() != tensors.size())
            throw wrong("it names " + inputs.size() + " tensors, and there are " + tensors.size());
        int spread = 0;                                                  // the most axes an ellipsis stands for
        for (int i = 0; i < inputs.size(); i++)
            if (inputs.get(i).contains("..."))
                spread = Math.max(spread, types.get(i).rank() - inputs.get(i).length() + 3);
        int most = spread;
        List<String> axes = Lists.each(inputs.size(),
                i -> named(inputs.get(i), types.get(i).rank() - inputs.get(i).length() + 3));
        for (int i = 0; i < axes.size(); i++) note(axes.get(i), i);
        String output = arrow >= 0 ? named(equation.substring(arrow + 2), most) : implied(axes, most);
        for (char c : output.toCharArray())
            if (!sizes.containsKey(c)) throw wrong("the output has an axis " + c + " that no input has");
        if (output.chars().distinct().count() != output.length()) throw wrong("an axis occurs twice in the output");
        List<Term> terms = new ArrayList<>(Lists.each(axes.size(),
                i -> diagonal(new Term(tensors.get(i), axes.get(i)))));
        if (terms.size() == 1) return arranged(summed(terms.getFirst(), Set.of(), output), output);
        Order order = order(Lists.map(terms, Term::axes), output);
        for (int[] pair : order.pairs()) {
            Term b = terms.remove(pair[1]), a = terms.remove(pair[0]);
            terms.add(contract(a, b, letters(Lists.map(terms, Term::axes), output)));
        }
        return arranged(terms.getFirst(), output);
    }

    /**
     * {@code axes} with the last {@code count} of the letters A, B, ... of an ellipsis; those are not letters of
     * users.
     */
    private String named(String axes, int count) {
        int dots = axes.indexOf("...");
        if (dots < 0) return checked(axes);
        if (count < 0) throw wrong("a tensor has fewer axes than " + axes + " names");
        StringBuilder spread = new StringBuilder();
        for (int i = count; i > 0; i--) spread.append((char) (0x2500 - i));
        return checked(axes.substring(0, dots)) + spread + checked(axes.substring(dots + 3));
    }

    private String checked(String axes) {
        if (!axes.chars().allMatch(Character::isLetter)) throw wrong("\"" + axes + "\" is not a row of letters");
        return axes;
    }

    private void note(String axes, int input) {
        TensorType type = types.get(input);
        if (axes.length() != type.rank())
            throw wrong("input " + input + " has " + type.rank() + " axes and " + axes.length() + " letters");
        for (int a = 0; a < axes.length(); a++) {
            int size = type.shape().size(a), known = sizes.getOrDefault(axes.charAt(a), 1);
            if (size != known && size != 1 && known != 1)
                throw wrong("axis " + a + " of input " + input + " has size " + size
                        + " where another axis of its letter has " + known
                        + "; they must be equal, or 1");
            if (size != 1 || known == 1) sizes.put(axes.charAt(a), size);
        }
    }

    /** Without an arrow: the ellipsis, then the letters that occur once, in alphabetical order. */
    private static String implied(List<String> axes, int spread) {
        String all = String.join("", axes);
        StringBuilder output = new StringBuilder();
        for (int i = spread; i > 0; i--) output.append((char) (0x2500 - i));
        all.chars().filter(Character::isLetter).filter(c -> all.indexOf(c) == all.lastIndexOf(c)).sorted()
                .forEach(c -> output.append((char) c));
        return output.toString();
    }

    private static Set<Character> letters(List<String> terms, String output) {
        Set<Character> all = new HashSet<>();
        for (String t : Lists.concat(terms, List.of(output))) for (char c : t.toCharArray()) all.add(c);
        return all;
    }

    /** A letter that occurs twice in one term stands for the diagonal of its two axes. */
    private static Term diagonal(Term t) {
        for (int b = 1; b < t.axes().length(); b++) {
            int a = t.axes().indexOf(t.axes().charAt(b));
            if (a == b) continue;
            int last = t.tensor().rank() - 1, n = t.tensor().size(a);
            Tensor x = t.tensor().moveAxis(b, last).moveAxis(a, last - 1);     // a < b: a is still where it was
            Tensor square = x.reshape(x.shape().without(List.of(last - 1, last)).insert(last - 1, n * n));
            Tensor diagonal = square.slice(last - 1, 0, n * n, n + 1).moveAxis(last - 1, a);
            return diagonal(new Term(diagonal, new StringBuilder(t.axes()).deleteCharAt(b).toString()));
        }
        return t;
    }

    /**
     * The term without the axes that neither others nor the output need, and without axes of size 1 that others have
     * longer.
     */
    private Term summed(Term t, Set<Character> needed, String output) {
        List<Integer> gone = Lists.range(0, t.axes().length()).stream().filter(a -> {
            char c = t.axes().charAt(a);
            return !needed.contains(c) && output.indexOf(c) < 0;
        }).toList();
        if (gone.isEmpty()) return t;
        StringBuilder left = new StringBuilder();
        for (int a = 0; a < t.axes().length(); a++) if (!gone.contains(a)) left.append(t.axes().charAt(a));
        return new Term(t.tensor().sum(gone), left.toString());
    }

    /** The product of two terms; letters that are not in {@code needed} are summed over. */
    private Term contract(Term left, Term right, Set<Character> needed) {
        Term a = summed(narrowed(left, right), union(right, needed), ""),
                b = summed(narrowed(right, left), union(left, needed), "");
        List<Integer> batchA = new ArrayList<>(), batchB = new ArrayList<>(), sumA = new ArrayList<>(),
                sumB = new ArrayList<>();
        StringBuilder axes = new StringBuilder();
        for (int i = 0; i < a.axes().length(); i++) {
            int j = b.axes().indexOf(a.axes().charAt(i));
            if (j < 0) continue;
            boolean kept = needed.contains(a.axes().charAt(i));
            (kept ? batchA : sumA).add(i);
            (kept ? batchB : sumB).add(j);
            if (kept) axes.append(a.axes().charAt(i));
        }
        for (int i = 0; i < a.axes().length(); i++)
            if (!batchA.contains(i) && !sumA.contains(i)) axes.append(a.axes().charAt(i));
        for (int j = 0; j < b.axes().length(); j++)
            if (!batchB.contains(j) && !sumB.contains(j)) axes.append(b.axes().charAt(j));
        return new Term(DotGeneral.of(batchA, sumA, batchB, sumB).apply(a.tensor(), b.tensor()), axes.toString());
    }

    private static Set<Character> union(Term t, Set<Character> needed) {
        Set<Character> all = new HashSet<>(needed);
        for (char c : t.axes().toCharArray()) all.add(c);
        return all;
    }

    /** Without axes of size 1 that are longer in {@code other}: they broadcast. */
    private static Term narrowed(Term t, Term other) {
        List<Integer> gone = new ArrayList<>();
        StringBuilder left = new StringBuilder();
        for (int a = 0; a < t.axes().length(); a++) {
            int there = other.axes().indexOf(t.axes().charAt(a));
            if (there >= 0 && t.tensor().size(a) == 1 && other.tensor().size(there) != 1) gone.add(a);
            else left.append(t.axes().charAt(a));
        }
        return gone.isEmpty() ? t : new Term(t.tensor().reshape(t.tensor().shape().without(gone)), left.toString());
    }

    /** The axes in the order of the output; what is 1 long and should be longer is repeated. */
    private Tensor arranged(Term t, String output) {
        Tensor x = t.tensor().transpose(Lists.each(output.length(), a -> t.axes().indexOf(output.charAt(a))));
        return x.broadcastTo(new javelin.core.type.Shape(
                Lists.each(output.length(), a -> sizes.get(output.charAt(a)))));
    }

    // which pair first

    /** Pairs by their places in the list, in turn; each pair leaves it and its product joins at the end. */
    private record Order(List<int[]> pairs, double cost) {}

    private Order order(List<String> terms, String output) {
        if (terms.size() < 2) return new Order(List.of(), 0);
        Order best = null;
        boolean few = terms.size() <= FEW;
        for (int i = 0; i < terms.size(); i++) {
            for (int j = i + 1; j < terms.size(); j++) {
                List<String> rest = new ArrayList<>(terms);
                rest.remove(j);
                rest.remove(i);
                String both = terms.get(i) + terms.get(j), product = kept(both, letters(rest, output));
                rest.add(product);
                Order after = few ? order(rest, output) : new Order(List.of(), 0);
                double cost = few ? after.cost() + elements(both)
                        : elements(product) - elements(terms.get(i)) - elements(terms.get(j));
                if (best == null || cost < best.cost())
                    best = new Order(Lists.concat(List.of(new int[] {i, j}), after.pairs()), cost);
            }
        }
        if (few) return best;
        int[] pair = best.pairs().getFirst();
        List<String> rest = new ArrayList<>(terms);
        String both = rest.remove(pair[1]) + rest.remove(pair[0]);
        rest.add(kept(both, letters(rest, output)));
        return new Order(Lists.concat(best.pairs(), order(rest, output).pairs()), 0);
    }

    private static String kept(String axes, Set<Character> needed) {
        StringBuilder left = new StringBuilder();
        axes.chars().distinct().filter(c -> needed.contains((char) c)).forEach(c -> left.append((char) c));
        return left.toString();
    }

    private double elements(String axes) {
        return axes.chars().distinct().mapToDouble(c -> sizes.get((char) c)).reduce(1, (a, b) -> a * b);
    }
}
