package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.List;

/** Decisions that overlook others. */
final class MsgR11 {

  private MsgR11() {}

  @Finds(1)
  record Wrong(EventStore store) {

    AppendResult withdraw(StreamName account, Deadline deadline) throws InterruptedException {
      // [readme:any-end]
      EventStore.Slice slice = store.read(account, 0, EventStore.READ_MAX, deadline);
      List<Event> decided = decide(slice);
      return store.append(account, ExpectedEnd.any(), decided, deadline);
      // [/readme]
    }
  }

  @Finds(0)
  record Right(EventStore store) {

    AppendResult withdraw(StreamName account, Deadline deadline) throws InterruptedException {
      // [readme:read-end]
      EventStore.Slice slice = store.read(account, 0, EventStore.READ_MAX, deadline);
      List<Event> decided = decide(slice);
      return store.append(account, ExpectedEnd.exactly(slice.end()), decided, deadline);
      // [/readme]
    }
  }

  /** A stream that nobody decides upon. */
  @Finds(0)
  record RightForNotes(EventStore store) {

    AppendResult note(StreamName journal, Event event, Deadline deadline)
        throws InterruptedException {
      return store.append(journal, ExpectedEnd.any(), List.of(event), deadline);
    }
  }

  static List<Event> decide(EventStore.Slice slice) {
    return slice.events().stream().map(EventStore.Recorded::event).toList();
  }
}
