/**
 * Records what callers of a shared object asked and were answered, and finds out whether one object
 * that does one thing at a time could have given these answers.
 */
@NullMarked
package dev.ashlar.core.testkit.history;

import org.jspecify.annotations.NullMarked;
