/** Sending what a transaction decided, and only if it committed. */
@NullMarked
package dev.ashlar.messaging.outbox;

import org.jspecify.annotations.NullMarked;
