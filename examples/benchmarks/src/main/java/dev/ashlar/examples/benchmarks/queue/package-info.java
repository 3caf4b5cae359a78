/** Durable queues compared: what it costs to send, receive and acknowledge. */
@NullMarked
package dev.ashlar.examples.benchmarks.queue;

import org.jspecify.annotations.NullMarked;
