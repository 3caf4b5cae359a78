/** The loop between a queue and a handler: renewal, retry, dead letters, graceful close. */
@NullMarked
package dev.ashlar.messaging.consume;

import org.jspecify.annotations.NullMarked;
