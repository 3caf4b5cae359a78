/**
 * The last step of a build: gathers what every test proved, prints the totals, and fails where a
 * promise has no proof.
 */
@NullMarked
package dev.ashlar.examples.evidence;

import org.jspecify.annotations.NullMarked;
