package user.code;

import java.util.List;
import javelin.core.Tensor;

public final class Model {
    public static List<Tensor> tanhOnLine7(Tensor x) { return List.of(x.tanh()); }

    private Model() {}
}
