/** Streams of events with an expected end, for event sourcing, and the store in memory. */
@NullMarked
package dev.ashlar.messaging.sourcing;

import org.jspecify.annotations.NullMarked;
