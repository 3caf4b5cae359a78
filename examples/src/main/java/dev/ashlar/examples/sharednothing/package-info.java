/** Sessions and a catalogue in partitions, each owned by one node: what that gives, and costs. */
@NullMarked
package dev.ashlar.examples.sharednothing;

import org.jspecify.annotations.NullMarked;
