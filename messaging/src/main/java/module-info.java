/** Queues with exact promises, the consuming loop, inbox and outbox; needs only Ashlar's core. */
module dev.ashlar.messaging {
  requires transitive dev.ashlar.core;
  requires static transitive org.jspecify;

  exports dev.ashlar.messaging;
  exports dev.ashlar.messaging.consume;
  exports dev.ashlar.messaging.disk;
  exports dev.ashlar.messaging.inbox;
  exports dev.ashlar.messaging.outbox;
}
