package dev.ashlar.messaging.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.util.ArrayList;
import java.util.List;

/** What handlers were given, in order. */
final class Journal {

  private final TimeSource time;
  private final List<Entry> entries = new ArrayList<>();

  Journal(TimeSource time) {
    this.time = time;
  }

  synchronized void add(Message message, int attempt) {
    entries.add(new Entry(message, attempt, time.nanos()));
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  synchronized int size() {
    return entries.size();
  }

  synchronized List<MessageId> ids() {
    return entries.stream().map(entry -> entry.message().id()).toList();
  }

  synchronized int count(MessageId id) {
    return (int) entries.stream().filter(entry -> entry.message().id().equals(id)).count();
  }

  synchronized boolean has(MessageId id) {
    return count(id) > 0;
  }

  record Entry(Message message, int attempt, long nanos) {}
}
