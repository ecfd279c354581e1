/**
 * Where values live: {@link javelin.compiler.memory.Planner} turns groups into the {@link
 * javelin.compiler.memory.Region}s of steps that the driver runs, and gives every variable a {@link
 * javelin.compiler.memory.Place} in a few arrays. Imports fuse, schedule and kernel.
 */
package javelin.compiler.memory;
