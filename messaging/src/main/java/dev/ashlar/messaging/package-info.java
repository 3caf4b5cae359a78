/** Messages and queues: what every engine promises, and the engine in memory. */
@NullMarked
package dev.ashlar.messaging;

import org.jspecify.annotations.NullMarked;
