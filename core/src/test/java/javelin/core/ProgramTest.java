package javelin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import javelin.Control;
import javelin.Transforms;
import javelin.core.Atom.Var;
import javelin.core.ops.Neg;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class ProgramTest {
    @Test void aProgramPrintsOneEquationALine() {
        Program p = Transforms.program((Tensor x) -> x.mul(2).tanh().sum(), Array.f32(1, 2, 3));
        assertEquals("""
                { %0:f32[3] ->
                  %1:f32[3] = broadcast[[3] axes=[]] 2.0
                  %2:f32[3] = mul %0 %1
                  %3:f32[3] = tanh %2
                  %4:f32[] = reduce_sum[0] %3
                  in %4 }""", p.toString());
    }

    @Test void bodiesOfLoopsArePrintedBelowThem() {
        Program p = Transforms.program((Tensor x) -> Control.foriLoop(0, 3, (i, s) -> s.add(i.astype(DType.F64)), x),
                Array.scalar(1.0));
        assertEquals("""
                { %0:f64[] ->
                  %1:i32[] %2:f64[] = scan[length=3 constants=0 carries=2] 0 %0
                    { %0:i32[] %1:f64[] ->
                      %2:i32[] = add %0 1
                      %3:f64[] = convert[f64] %0
                      %4:f64[] = add %1 %3
                      in %2 %4 }
                  in %2 }""", p.toString());
    }

    @Test void equalTracesAreEqualProgramsAndSourceLinesDoNotMatter() {
        Program here = Transforms.program((Tensor x) -> x.exp(), Array.f32(1));
        Program there = Transforms.program((Tensor x) -> x.exp(), Array.f32(2));
        assertEquals(here, there);
        assertEquals(here.hashCode(), there.hashCode());
        assertNotEquals(here, Transforms.program((Tensor x) -> x.exp(), Array.f64(1)));
        assertNotEquals(here, Transforms.program((Tensor x) -> x.expm1(), Array.f32(1)));
    }

    @Test void renumberingRefusesWhatIsBoundTwiceOrNotAtAll() {
        Var x = new Var(4, TensorType.f32(2)), y = new Var(9, TensorType.f32(2));
        var equation = new Equation(List.of(y), new Neg(), List.of(x), new SourceLine("here"));
        assertEquals("{ %0:f32[2] ->\n  %1:f32[2] = neg %0\n  in %1 }",
                Program.of(List.of(x), List.of(equation), List.of(y)).toString());
        assertThrows(IllegalStateException.class,
                () -> Program.of(List.of(x), List.of(equation, equation), List.of(y)));
        assertThrows(IllegalStateException.class, () -> Program.of(List.of(), List.of(equation), List.of(y)));
    }

    @Test void applyingAProgramInsideATraceInlinesIt() {
        Program p = Transforms.program((Tensor x) -> x.exp().sin(), Array.f32(1));
        assertEquals(p, Transforms.program((Tensor x) -> p.apply(List.of(x)), Array.f32(1)));
    }

    @Test void literalsPrintAsNumbersOfTheirType() {
        assertEquals("[0.1, 0.1, 3, true, 4294967295]",
                List.of(new Atom.Literal(0.1, TensorType.f32()), new Atom.Literal(0.1, TensorType.f64()),
                new Atom.Literal(3, TensorType.i32()),
                new Atom.Literal(1, TensorType.of(DType.BOOL)),
                        new Atom.Literal(-1, TensorType.of(DType.U32))).toString());
    }
}
