package javelin.conformance.jaxpr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.conformance.Failure;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.Vmap;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spellings that a reader of the schema must know, whether a kept case has them or not. */
class JaxprTest {
    private static JsonNode json(String text) { return JsonMapper.shared().readTree(text.replace('\'', '"')); }

    private static List<Array> run(String rules, String program, Tensor... arguments) {
        var traced = new Jaxpr(json(rules), name -> Array.f32(100, 200)).trace(json(program));
        return Lists.map(Evaluator.evaluate(traced.program(), Lists.concat(traced.captured(), List.of(arguments))),
                Tensor::array);
    }

    /** A program of one equation. */
    private static Array one(String primitive, String params, String in, String out, Tensor... arguments) {
        StringBuilder inputs = new StringBuilder(), atoms = new StringBuilder();
        String[] types = in.split(" ");
        for (int i = 0; i < types.length; i++) {
            inputs.append(i == 0 ? "" : ",").append("{'v':").append(i).append(",'t':'").append(types[i]).append("'}");
            atoms.append(i == 0 ? "" : ",").append(i);
        }
        return run("{}", "{'inputs':[%s],'eqns':[{'p':'%s','in':[%s],'out':[{'v':9,'t':'%s'}]%s}],'outputs':[9]}"
                .formatted(inputs, primitive, atoms, out, params.isEmpty() ? "" : ",'params':" + params), arguments)
                        .getFirst();
    }

    private static Array matrix() { return Array.of(TensorType.f32(2, 3), 0, 1, 2, 3, 4, 5); }

    @ParameterizedTest @ValueSource(strings = {"", "null", "{'strides':null}"})
    void parametersMayBeMissingOrNull(String params) {
        assertArrayEquals(new double[] {1, 2}, one("neg", params, "f32[2]", "f32[2]", Array.f32(-1, -2)).toDoubles());
    }

    @Test void slicesWithoutStrides() {
        assertArrayEquals(new double[] {1, 2}, one(
                "slice", "{'start_indices':[0,1],'limit_indices':[1,3],'strides':null}", "f32[2,3]", "f32[1,2]",
                matrix()).toDoubles());
    }

    @Test void reshapesInAnotherOrder() {
        assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5},
                one("reshape", "{'new_sizes':[6],'dimensions':[1,0]}", "f32[2,3]", "f32[6]", matrix()).toDoubles());
    }

    @Test void spreadsAxesOfSize1() {
        assertArrayEquals(new double[] {7, 7, 8, 8}, one("broadcast_in_dim",
                "{'shape':[2,2],'broadcast_dimensions':[0,1]}", "f32[2,1]", "f32[2,2]",
                Array.of(TensorType.f32(2, 1), 7, 8)).toDoubles());
    }

    @ParameterizedTest @ValueSource(strings = {"0", "'AWAY_FROM_ZERO'", "'RoundingMethod.AWAY_FROM_ZERO'"})
    void roundsHalvesAwayFromZero(String method) {
        assertArrayEquals(new double[] {1, -3, 0, 0}, one("round", "{'rounding_method':" + method + "}", "f32[4]",
                "f32[4]",
                Array.f32(0.5f, -2.5f, 0.49999997f, 0)).toDoubles());
        assertArrayEquals(new double[] {0, -2}, one("round", "{'rounding_method':1}", "f32[2]", "f32[2]",
                Array.f32(0.5f, -2.5f)).toDoubles());
    }

    @Test void selectsByBoolOrByNumber() {
        Array a = Array.f32(1, 2), b = Array.f32(10, 20), c = Array.f32(100, 200);
        assertArrayEquals(new double[] {10, 2}, one("select_n", "", "bool[2] f32[2] f32[2]", "f32[2]",
                Array.bool(true, false), a, b).toDoubles());
        assertArrayEquals(new double[] {100, 2}, one("select_n", "", "i32[2] f32[2] f32[2] f32[2]", "f32[2]",
                Array.i32(2, 0), a, b, c).toDoubles());
        assertArrayEquals(new double[] {10, 20}, one("select_n", "", "bool[] f32[2] f32[2]", "f32[2]",
                Array.scalar(1, DType.BOOL), a, b).toDoubles());
    }

    @ParameterizedTest @ValueSource(strings = {"null", "'fill'", "'FILL_OR_DROP'", "1",
            "'GatherScatterMode.FILL_OR_DROP'"})
    void gathersNaNWhereTheIndexIsOutOfRange(String mode) {
        assertArrayEquals(new double[] {20, Double.NaN}, gather(mode, 1, 7));
    }

    @ParameterizedTest @ValueSource(strings = {"'clip'", "'CLIP'", "0", "'PROMISE_IN_BOUNDS'", "2"})
    void gathersTheLastRow(String mode) { assertArrayEquals(new double[] {20, 30}, gather(mode, 1, 7)); }

    /** Batching dimensions may be left out. */
    private static double[] gather(String mode, int... at) {
        String dimensions = "{'offset_dims':[],'collapsed_slice_dims':[0],'start_index_map':[0]}";
        return one("gather", "{'dimension_numbers':" + dimensions + ",'slice_sizes':[1],'mode':" + mode
                + ",'fill_value':null}", "f32[3] i32[2,1]", "f32[2]",
                Array.f32(10, 20, 30), Array.of(TensorType.i32(2, 1), at[0], at[1])).toDoubles();
    }

    @Test void dotsInTheTypeAskedFor() {
        String params = "{'dimension_numbers':[[[0],[0]],[[],[]]],'precision':null,'preferred_element_type':'f64'}";
        assertEquals(1e8 + 1, one("dot_general", params, "f32[2] f32[2]", "f64[]", Array.f32(1e8f, 1), Array.f32(1, 1))
                .item());
    }

    @Test void literalsHaveInfinitiesAndConstantsAreArrays() {
        List<Array> out = run("{}", """
                {'inputs':[{'v':0,'t':'f32[2]'}],'consts':[{'v':1,'t':'f32[2]','a':'c'}],'eqns':[
                {'p':'add','in':[0,1],'out':[{'v':2,'t':'f32[2]'}]},
                {'p':'min','in':[2,{'lit':'inf','t':'f32[]'}],'out':[{'v':3,'t':'f32[2]'}]}],
                'outputs':[3,{'lit':'-inf','t':'f32[]'},{'lit':true,'t':'bool[]'}]}""",
                Array.f32(1, 2));
        assertArrayEquals(new double[] {101, 202}, out.get(0).toDoubles());
        assertEquals(Double.NEGATIVE_INFINITY, out.get(1).item());
        assertEquals(1, out.get(2).itemAsLong());
    }

    @Test void branchesMayHaveConstants() {
        String branch = "{'program':{'inputs':[{'v':0,'t':'f32[2]'}]%s,'eqns':[%s],'outputs':[%d]}}";
        String constant = branch.formatted(",'consts':[{'v':1,'t':'f32[2]','a':'c'}]",
                "{'p':'mul','in':[0,1],'out':[{'v':2,'t':'f32[2]'}]}", 2);
        String same = branch.formatted("", "", 0);
        String program = """
                {'inputs':[{'v':0,'t':'bool[]'},{'v':1,'t':'f32[2]'}],
                'eqns':[{'p':'cond','in':[0,1],'out':[{'v':2,'t':'f32[2]'}],
                'params':{'branches':[%s,%s]}}],'outputs':[2]}""".formatted(same, constant);
        assertArrayEquals(new double[] {100, 400}, run("{}", program, Array.scalar(1, DType.BOOL), Array.f32(1, 2))
                .getFirst().toDoubles());
        assertArrayEquals(new double[] {1, 2}, run("{}", program, Array.scalar(0, DType.BOOL), Array.f32(1, 2))
                .getFirst().toDoubles());
    }

    /** Splits key 0 in two and takes the second: fold_in(key(0), 1). */
    @Test void keysAreSlicedAsWholes() {
        List<Array> out = run("{}", """
                {'inputs':[{'v':0,'t':'u32[2]'}],'eqns':[
                {'p':'random_wrap','in':[0],'out':[{'v':1,'t':'key[]'}],'params':{'impl':'threefry2x32'}},
                {'p':'random_split','in':[1],'out':[{'v':2,'t':'key[2]'}],'params':{'shape':[2]}},
                {'p':'slice','in':[2],'out':[{'v':3,'t':'key[1]'}],'params':{'start_indices':[1],'limit_indices':[2]}},
                {'p':'squeeze','in':[3],'out':[{'v':4,'t':'key[]'}],'params':{'dimensions':[0]}},
                {'p':'random_unwrap','in':[4],'out':[{'v':5,'t':'u32[2]'}]},
                {'p':'random_fold_in','in':[1,{'lit':1,'t':'u32[]'}],'out':[{'v':6,'t':'key[]'}]},
                {'p':'random_unwrap','in':[6],'out':[{'v':7,'t':'u32[2]'}]}],'outputs':[5,7]}""",
                Array.of(TensorType.of(DType.U32, 2), 0, 0));
        assertArrayEquals(new long[] {0x375F238F & 0xFFFFFFFFL, 0xCDDB151DL}, out.get(0).toLongs());
        assertArrayEquals(out.get(0).toLongs(), out.get(1).toLongs());
    }

    private static final String SQUARE = """
            {'program':{'inputs':[{'v':0,'t':'f32[]'}],
            'eqns':[{'p':'mul','in':[0,0],'out':[{'v':1,'t':'f32[]'}]}],'outputs':[1]}}""";

    /** A square whose author says its derivative is 10 times what it is. */
    @Test void aCustomRuleReplacesTheDerivativeAndSurvivesBatching() {
        String rules = """
                {'r':{'in_zeros':[false],'out_zeros':[false],'program':{
                'inputs':[{'v':0,'t':'f32[]'},{'v':1,'t':'f32[]'}],'eqns':[
                {'p':'mul','in':[0,0],'out':[{'v':2,'t':'f32[]'}]},{'p':'mul','in':[0,1],'out':[{'v':3,'t':'f32[]'}]},
                {'p':'mul','in':[3,{'lit':20.0,'t':'f32[]'}],'out':[{'v':4,'t':'f32[]'}]}],'outputs':[2,4]}}}""";
        Program program = program(rules, "custom_jvp_call", "{'call_jaxpr':" + SQUARE + ",'jvp_rule':'r'}");
        List<Boolean> yes = List.of(true);
        assertEquals(60, Evaluator.evaluate(Jvp.of(program, yes, yes).program(),
                List.of(Array.scalar(3f), Array.scalar(1f))).get(1).item());
        Program batched = Vmap.of(program, yes, 2);
        assertArrayEquals(new double[] {60, 80}, Evaluator.evaluate(Jvp.of(batched, yes, yes).program(),
                List.of(Array.f32(3, 4), Array.f32(1, 1))).get(1).array().toDoubles());
    }

    @Test void aFunctionWithoutItsRuleHasAValueOnly() {
        Program program = program("{}", "custom_jvp_call", "{'call_jaxpr':" + SQUARE + ",'jvp_rule':null}");
        assertEquals(9, Evaluator.evaluate(program, List.of(Array.scalar(3f))).getFirst().item());
        assertThrows(Failure.class, () -> Jvp.of(program, List.of(true)));
    }

    @Test void aFunctionWithAReverseRuleOnlyRefusesForwardMode() {
        String backward = "{'program':{'inputs':[{'v':0,'t':'f32[]'},{'v':1,'t':'f32[]'}],'eqns':[],'outputs':[1]}}";
        Program program = program("{}", "custom_vjp_call", "{'call_jaxpr':" + SQUARE + ",'fwd':" + SQUARE
                + ",'residuals':[0],'bwd':" + backward + ",'bwd_gives':[true]}");
        Program forward = Jvp.of(program, List.of(true), List.of(true)).program();
        var refused = assertThrows(NoRuleException.class, () -> Evaluator.evaluate(
                forward, List.of(Array.scalar(3f), Array.scalar(1f))));
        assertTrue(refused.getMessage().contains("use vjp or grad"), refused.getMessage());
    }

    /** A program of one equation with one f32 in and out. */
    private static Program program(String rules, String primitive, String params) {
        String equation = "{'p':'" + primitive + "','in':[0],'out':[{'v':1,'t':'f32[]'}],'params':" + params + "}";
        JsonNode program = json("{'inputs':[{'v':0,'t':'f32[]'}],'eqns':[" + equation + "],'outputs':[1]}");
        return new Jaxpr(json(rules), _ -> Array.f32()).trace(program).closed();
    }

    @Test void saysWhatItDoesNotKnow() {
        assertEquals("unsupported: primitive schur", assertThrows(Failure.class, () ->
                one("schur", "", "f32[2]", "f32[2]", Array.f32(1, 2))).getMessage());
        assertEquals("unsupported: element type f8_e4m3", assertThrows(Failure.class, () ->
                one("neg", "", "f8_e4m3[2]", "f8_e4m3[2]", Array.f32(1, 2))).getMessage());
        assertEquals("the result of neg has another type: f32[2] instead of f64[2]",
                assertThrows(Failure.class, () -> one("neg", "", "f32[2]", "f64[2]", Array.f32(1, 2))).getMessage());
    }
}
