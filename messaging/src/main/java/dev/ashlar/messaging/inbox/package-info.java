/** Handling each message once: its id and its effect in one transaction. */
@NullMarked
package dev.ashlar.messaging.inbox;

import org.jspecify.annotations.NullMarked;
