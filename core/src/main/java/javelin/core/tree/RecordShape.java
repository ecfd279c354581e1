package javelin.core.tree;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;

/** How to read and build the records of one class; made once for each class. */
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override protected RecordShape computeValue(Class<?> type) { return new RecordShape(type); }
    };

    final Class<?> type;
    final RecordComponent[] components;
    final boolean[] statics;
    private final MethodHandle[] accessors;                              // (Object)Object
    private final MethodHandle constructor;                              // (Object[])Object

    private RecordShape(Class<?> type) {
        this.type = type;
        components = type.getRecordComponents();
        statics = new boolean[components.length];
        accessors = new MethodHandle[components.length];
        try {
            RecordShape.class.getModule().addReads(type.getModule());    // a lookup into a named module needs it
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            for (int i = 0; i < components.length; i++) {
                statics[i] = components[i].isAnnotationPresent(Static.class);
                accessors[i] = lookup.findVirtual(type, components[i].getName(),
                        MethodType.methodType(components[i].getType()))
                        .asType(MethodType.methodType(Object.class, Object.class));
            }
            Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            MethodHandle canonical = lookup.findConstructor(type, MethodType.methodType(void.class, types));
            constructor = canonical.asType(canonical.type().generic()).asSpreader(Object[].class, types.length);
        } catch (ReflectiveOperationException e) {
            throw new TreeException("record " + type.getName()
                    + " cannot be read; its package must be open to javelin.core: add 'opens "
                    + type.getPackageName() + ";' to its module-info.java", e);
        }
    }

    static RecordShape of(Class<?> type) { return SHAPES.get(type); }

    Object read(Object tree, int i) {
        try {
            return (Object) accessors[i].invokeExact(tree);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new TreeException("component " + components[i].getName() + " of " + type.getName()
                    + " cannot be read: " + e, e);
        }
    }

    Object construct(Object[] children) {
        try {
            return (Object) constructor.invokeExact(children);
        } catch (ClassCastException e) {
            throw new TreeException("record " + type.getName()
                    + " cannot be rebuilt: a component does not take what it is given: " + e.getMessage()
                    + "; components that hold tensors must be declared as Tensor, not as Array", e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new TreeException("record " + type.getName() + " cannot be rebuilt: " + e, e);
        }
    }
}
