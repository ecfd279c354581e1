/**
 * Bytecode: kernels ({@link javelin.compiler.emit.KernelEmitter}), the driver that calls them, and the loader that
 * holds both. The only package that imports ASM; only it and {@code library} mention the Vector API.
 */
package javelin.compiler.emit;
