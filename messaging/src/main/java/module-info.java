/**
 * Queues with exact promises, the consuming loop, inbox, outbox, topics and event streams; needs
 * only Ashlar's core.
 */
module dev.ashlar.messaging {
  requires transitive dev.ashlar.core;
  requires static transitive org.jspecify;

  exports dev.ashlar.messaging;
  exports dev.ashlar.messaging.consume;
  exports dev.ashlar.messaging.disk;
  exports dev.ashlar.messaging.journal;
  exports dev.ashlar.messaging.inbox;
  exports dev.ashlar.messaging.log;
  exports dev.ashlar.messaging.outbox;
  exports dev.ashlar.messaging.sourcing;
  exports dev.ashlar.messaging.topic;
}
