package com.shop;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;

/** Code of a shop that keeps the rules. */
record Orders(MessageQueue queue) {

  void place(Message order, Deadline deadline) throws InterruptedException {
    queue.send(order, deadline);
  }
}
