package javelin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainTest {
    @ParameterizedTest
    @EnumSource(Explain.Subject.class)
    void showsEveryStage(Explain.Subject subject) throws Exception {
        String text = explain(subject);
        int at = 0;
        for (String stage : List.of("The loss, traced", "The gradient of the loss", "The whole step",
                "== program", "== simplified", "== groups", "kernel", "driver", "memory")) {
            int next = text.indexOf(stage, at);
            assertTrue(next >= 0, "no '" + stage + "' after character " + at + " of\n" + text);
            at = next;
        }
    }

    @Test
    void namesTheLinesOfTheLesson() throws Exception {
        String text = explain(Explain.Subject.xor);
        for (String line : List.of(" = tanh .*Xor\\$Activation\\.of", " = dot_general.*Xor\\$Mlp\\.call")) {
            Pattern pattern = Pattern.compile(line + "\\(Xor\\.java:\\d+\\)");
            assertTrue(pattern.matcher(text).find(), pattern + " is not in\n" + text);
        }
    }

    private static String explain(Explain.Subject subject) throws Exception {
        Explain explain = new Explain();
        explain.subject = subject;
        Printed printed = Printed.of(explain);
        assertEquals(0, printed.code());
        return printed.text();
    }
}
