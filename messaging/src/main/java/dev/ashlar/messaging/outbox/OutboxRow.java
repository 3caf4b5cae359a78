package dev.ashlar.messaging.outbox;

import dev.ashlar.messaging.Message;

/**
 * A message that waits in an outbox to be sent.
 *
 * @param number names the row; rises in the order of writing, not of commit
 * @param destination the name under which the relay knows the queue
 * @param message the envelope as it was written, its time to live shortened by its time in the
 *     outbox
 * @param attempts how often sending it has failed
 */
public record OutboxRow(long number, String destination, Message message, int attempts) {}
