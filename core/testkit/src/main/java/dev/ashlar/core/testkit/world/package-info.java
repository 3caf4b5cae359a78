/**
 * A world in one thread, with places that run state machines, clocks that disagree, a network that
 * loses and repeats, and faults that are drawn from a seed, shrunk, and repeated.
 */
@NullMarked
package dev.ashlar.core.testkit.world;

import org.jspecify.annotations.NullMarked;
