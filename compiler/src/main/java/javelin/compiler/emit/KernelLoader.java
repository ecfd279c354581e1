package javelin.compiler.emit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Defines generated classes by name: kernels, the functions they call, and whatever calls kernels. They live in the
 * loader's unnamed module, to which it opens the packages of the compiler that generated code calls. What is generated
 * once is remembered here, and goes when the loader goes.
 */
public final class KernelLoader extends ClassLoader {
    /** Where generated classes live: names handed to {@link #define} should begin so. */
    public static final String PACKAGE = "javelin/generated/";

    private final Map<Object, Object> made = new HashMap<>();
    private int named;

    public KernelLoader() {
        super("javelin kernels", KernelLoader.class.getClassLoader());
        Module compiler = KernelLoader.class.getModule();
        if (compiler.isNamed()) compiler.addExports("javelin.compiler.run", getUnnamedModule());
    }

    /**
     * Lets generated code call {@code type}, which must be public: exports its package to it, if the package is the
     * compiler's to export.
     */
    public void export(Class<?> type) {
        Module compiler = KernelLoader.class.getModule();
        if (compiler.isNamed() && type.getModule() == compiler) {
            compiler.addExports(type.getPackageName(), getUnnamedModule());
        }
    }

    /** The class of a name of its own, with dots or slashes. */
    public Class<?> define(String name, byte[] code) {
        return defineClass(name.replace('/', '.'), code, 0, code.length);
    }

    /** An internal name that no class has yet. */
    public synchronized String fresh(String stem) { return PACKAGE + stem + named++; }

    /** What {@code make} gave for the first equal {@code key}. */
    @SuppressWarnings("unchecked")   // a key determines the type of what is made for it
    synchronized <T> T once(Object key, Supplier<T> make) {
        Object known = made.get(key);
        if (known == null) {
            known = make.get();
            made.put(key, known);
        }
        return (T) known;
    }
}
