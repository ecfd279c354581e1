package javelin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/from-jax.md calls ours exists. */
class FromJaxTest {
    private static final List<String> PACKAGES =
            List.of("javelin", "javelin.core", "javelin.core.type", "javelin.core.tree",
            "javelin.nn", "javelin.optim");
    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    @Test void everyNameOnThePageIsAPublicOne() {
        List<String> names = Documents.read("docs/from-jax.md").lines().filter(line -> line.startsWith("| "))
                .flatMap(row -> NAME.matcher(row.split(" \\| ")[1]).results()).map(m -> m.group(1)).toList();
        assertTrue(names.size() > 250, "only " + names.size() + " names");
        assertEquals(List.of(), names.stream().filter(name -> !exists(name)).toList());
    }

    /** {@code Type}, {@code Outer.Inner} or either's public method or field. */
    private static boolean exists(String name) {
        int dot = name.lastIndexOf('.');
        return type(name).isPresent() || dot > 0 && type(name.substring(0, dot)).map(type -> members(type)
                .anyMatch(name.substring(dot + 1)::equals)).orElse(false);
    }

    private static Stream<String> members(Class<?> type) {
        return Stream.concat(Arrays.stream(type.getMethods()), Arrays.stream(type.getFields())).map(m -> m.getName());
    }

    private static Optional<Class<?>> type(String name) {
        for (String inPackage : PACKAGES) {
            try {
                return Optional.of(Class.forName(inPackage + "." + name.replace('.', '$')));
            } catch (ClassNotFoundException e) {
                continue;                                                // another package may have it
            }
        }
        return Optional.empty();
    }
}
