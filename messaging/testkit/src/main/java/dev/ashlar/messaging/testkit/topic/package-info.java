/** The contract that every topic over queues keeps. */
@NullMarked
package dev.ashlar.messaging.testkit.topic;

import org.jspecify.annotations.NullMarked;
