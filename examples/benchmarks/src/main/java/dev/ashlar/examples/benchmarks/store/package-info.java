/** Event stores compared: what a great number of streams costs. */
@NullMarked
package dev.ashlar.examples.benchmarks.store;

import org.jspecify.annotations.NullMarked;
