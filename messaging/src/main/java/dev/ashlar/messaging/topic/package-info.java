/** Publish-subscribe over queues: one queue to publish to, one queue for each subscription. */
@NullMarked
package dev.ashlar.messaging.topic;

import org.jspecify.annotations.NullMarked;
