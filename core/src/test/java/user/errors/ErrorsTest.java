package user.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javelin.core.JavelinException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/errors.md shows, for every mistake in {@link Mistakes}, the text the user really gets. */
class ErrorsTest {
    /** A text in the document: a block of code after a comment that names the mistake. */
    private static final Pattern EXAMPLE = Pattern.compile("<!-- (\\w+) -->\\n```\\n(.*?)\\n```", Pattern.DOTALL);

    static List<Method> mistakes() {
        return Stream.of(Mistakes.class.getDeclaredMethods())
                .filter(m -> !m.isSynthetic() && m.getParameterCount() == 0).toList();
    }

    @ParameterizedTest @MethodSource("mistakes")
    void theDocumentShowsTheRealText(Method mistake) throws IOException {
        assertEquals(textOf(mistake), documented().getOrDefault(mistake.getName(), "not in docs/errors.md"));
    }

    @Test void theDocumentShowsNoOtherTexts() throws IOException {
        List<String> names = new ArrayList<>();
        for (Method m : mistakes()) names.add(m.getName());
        assertEquals(new TreeMap<>(documented()).keySet(), new TreeSet<>(names));
    }

    @ParameterizedTest @MethodSource("mistakes")
    void everyTextEndsWithTheUsersLine(Method mistake) {
        String last = textOf(mistake).lines().reduce((_, line) -> line).orElseThrow();
        assertEquals("  at       user.errors.Mistakes.", last.substring(0, last.indexOf("Mistakes.") + 9));
    }

    private static String textOf(Method mistake) {
        mistake.setAccessible(true);
        var thrown = assertThrows(InvocationTargetException.class, () -> mistake.invoke(null));
        return assertThrows(JavelinException.class, () -> { throw thrown.getCause(); }).getMessage();
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (MatchResult example : EXAMPLE.matcher(Files.readString(document())).results()
                .toList()) texts.put(example.group(1), example.group(2));
        return texts;
    }

    private static Path document() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/errors.md"))) folder = folder.getParent();
        return folder.resolve("docs/errors.md");
    }

    /** Prints what the document must show. */
    public static void main(String[] arguments) {
        for (Method m : mistakes()) System.out.println("<!-- " + m.getName() + " -->\n```\n" + textOf(m) + "\n```\n");
    }
}
