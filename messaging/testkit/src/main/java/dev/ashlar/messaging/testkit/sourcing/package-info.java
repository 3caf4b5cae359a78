/** The contract that every event store keeps. */
@NullMarked
package dev.ashlar.messaging.testkit.sourcing;

import org.jspecify.annotations.NullMarked;
