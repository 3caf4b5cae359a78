/**
 * What tests of distributed code need: time moved by hand, seeds, crash points, and the evidence
 * that says which property a test proved for which subject. A simulated world stands in {@code
 * world}, a checker of histories in {@code history}.
 *
 * <p>Published, so that users can hold their own code, and their own adapters, to the same
 * contracts.
 */
@NullMarked
package dev.ashlar.core.testkit;

import org.jspecify.annotations.NullMarked;
