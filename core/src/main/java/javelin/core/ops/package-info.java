/**
 * One file for every op, with all its rules; read {@code Tanh}, {@code Mul} and {@code ReduceSum} first. Imports
 * {@code core}, {@code core.type}, {@code core.lowering}; the control ops alone call the passes of {@code
 * core.transform}.
 */
package javelin.core.ops;
