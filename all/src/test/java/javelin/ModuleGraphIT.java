package javelin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jars as a user has them on a module path: unit tests see the class path only. */
class ModuleGraphIT {
    @Test
    void oneModuleBringsTheLibraryAndItsCompiler() {
        Path[] jars = getClass().getClassLoader().resources("module-info.class")
                .map(descriptor -> descriptor.getPath().split("!", 2)[0])  // file:/folder/name.jar!/module-info.class
                .filter(jar -> jar.endsWith(".jar"))
                .map(jar -> Path.of(URI.create(jar)))
                .toArray(Path[]::new);
        Configuration graph = ModuleLayer.boot().configuration()
                .resolveAndBind(ModuleFinder.of(jars), ModuleFinder.of(), Set.of("javelin"));
        Set<String> names = graph.modules().stream().map(ResolvedModule::name).collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of(
                "javelin", "javelin.core", "javelin.nn", "javelin.optim", "javelin.compiler", "org.objectweb.asm")),
                names::toString);
    }
}
