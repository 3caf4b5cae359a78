package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of an outbox is caught by the property that is named for it. */
class OutboxTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(WritesOutsideTheTransactionTwin.class, "OUTBOX-1", "OUTBOX-3")
        .and(PublishesInsideTheTransactionTwin.class, "OUTBOX-1", "OUTBOX-3")
        .and(KeepsItInMemoryTwin.class, "OUTBOX-2")
        .and(MarksBeforePublishingTwin.class, "OUTBOX-4")
        .and(GivesNewIdsTwin.class, "OUTBOX-4")
        .and(EverybodysTurnTwin.class, "OUTBOX-5")
        .and(IgnoresKeysTwin.class, "OUTBOX-6")
        .and(ReadsByPositionTwin.class, "OUTBOX-7")
        .and(UnboundedTwin.class, "OUTBOX-8")
        .and(OneBadRowStopsAllTwin.class, "OUTBOX-9")
        .and(CleansUpByAgeAloneTwin.class, "OUTBOX-10")
        .and(HoldsTheTransactionTwin.class, "OUTBOX-11")
        .and(TellsNobodyTwin.class, "OUTBOX-17")
        .and(TellsWhenSentTwin.class, "OUTBOX-17")
        .tests();
  }

  /** The contract over an outbox with one mistake. */
  abstract static class OutboxTwin extends JdbcOutboxProperties {
    OutboxTwin() throws SQLException {
      super(TestDatabase.h2());
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(3);
    }
  }

  static class WritesOutsideTheTransactionTwin extends OutboxTwin {
    WritesOutsideTheTransactionTwin() throws SQLException {}

    @Override
    protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
      return new OutsideTheTransaction(testDatabase().source(), super.outbox(backlogMax, observer));
    }
  }

  static class PublishesInsideTheTransactionTwin extends OutboxTwin {
    private final List<Message> early = new ArrayList<>();
    private Optional<MessageQueue> broker = Optional.empty();

    PublishesInsideTheTransactionTwin() throws SQLException {}

    @Override
    protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
      return (tx, destination, message) -> {
        early.add(message);
        broker.ifPresent(this::publish);
      };
    }

    @Override
    protected OutboxRelay start(
        OutboxStore store,
        Function<String, Optional<MessageQueue>> destinations,
        RelayOptions options) {
      broker = destinations.apply("orders");
      broker.ifPresent(this::publish);
      return super.start(store, destinations, options);
    }

    private void publish(MessageQueue queue) {
      try {
        queue.sendAll(List.copyOf(early), Deadline.after(patience(), TimeSource.system()));
        early.clear();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static class KeepsItInMemoryTwin extends OutboxTwin {
    KeepsItInMemoryTwin() throws SQLException {}

    @Override
    protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
      List<Message> toBeSentAfterTheCommit = new ArrayList<>();
      return (tx, destination, message) -> toBeSentAfterTheCommit.add(message);
    }
  }

  static class TellsNobodyTwin extends OutboxTwin {
    TellsNobodyTwin() throws SQLException {}

    @Override
    protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
      return super.outbox(backlogMax, Observer.none());
    }
  }

  /** The relay's queue finds no context, and takes the relay for the sender. */
  static class TellsWhenSentTwin extends OutboxTwin {
    TellsWhenSentTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          return super.due(turn, most, deadline).stream().map(row -> forgotten(row)).toList();
        }
      };
    }

    private static OutboxRow forgotten(OutboxRow row) {
      Message known = row.message();
      Message unknown = known.withHeaders(known.headers().without(CallContext.CONTEXT_HEADER));
      return new OutboxRow(row.number(), row.destination(), unknown, row.attempts());
    }
  }

  static class UnboundedTwin extends OutboxTwin {
    UnboundedTwin() throws SQLException {}

    @Override
    protected Outbox<Connection> outbox(int backlogMax, Observer observer) {
      return super.outbox(1_000_000, observer);
    }
  }

  static class MarksBeforePublishingTwin extends OutboxTwin {
    MarksBeforePublishingTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          List<OutboxRow> rows = super.due(turn, most, deadline);
          super.sent(turn, rows.stream().map(OutboxRow::number).toList(), deadline);
          return rows;
        }
      };
    }
  }

  static class GivesNewIdsTwin extends OutboxTwin {
    private final RandomGenerator random = Seeds.random(Seeds.next());

    GivesNewIdsTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          return super.due(turn, most, deadline).stream().map(row -> renamed(row)).toList();
        }
      };
    }

    private OutboxRow renamed(OutboxRow row) {
      Message old = row.message();
      MessageId id = new MessageId(Long.toHexString(random.nextLong()));
      Message renamed = new Message(id, old.key(), old.headers(), old.payload(), old.timeToLive());
      return new OutboxRow(row.number(), row.destination(), renamed, row.attempts());
    }
  }

  static class EverybodysTurnTwin extends OutboxTwin {
    EverybodysTurnTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public Optional<Turn> takeTurn(String relay, Duration term, Deadline deadline)
            throws InterruptedException {
          return super.takeTurn("everybody", term, deadline);
        }
      };
    }
  }

  static class IgnoresKeysTwin extends OutboxTwin {
    IgnoresKeysTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          List<OutboxRow> rows = new ArrayList<>(super.due(turn, most, deadline));
          Collections.reverse(rows);
          return rows;
        }
      };
    }
  }

  static class ReadsByPositionTwin extends OutboxTwin {
    private final AtomicLong position = new AtomicLong();

    ReadsByPositionTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          long seen = position.get();
          return super.due(turn, most, deadline).stream()
              .filter(row -> row.number() > seen)
              .toList();
        }

        @Override
        public boolean sent(Turn turn, List<Long> numbers, Deadline deadline)
            throws InterruptedException {
          numbers.forEach(number -> position.accumulateAndGet(number, Math::max));
          return super.sent(turn, numbers, deadline);
        }
      };
    }
  }

  static class OneBadRowStopsAllTwin extends OutboxTwin {
    OneBadRowStopsAllTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          return isThereABadRow() ? List.of() : super.due(turn, most, deadline);
        }
      };
    }

    private boolean isThereABadRow() {
      try {
        String bad = "headers = 'no version' OR attempts > 0 AND state <> 'sent'";
        return testDatabase().number("SELECT COUNT(*) FROM ashlar_outbox WHERE " + bad) > 0;
      } catch (SQLException e) {
        throw SqlFailure.beforeCommit("twin", e);
      }
    }
  }

  static class CleansUpByAgeAloneTwin extends OutboxTwin {
    CleansUpByAgeAloneTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public int cleanUp(int most, Deadline deadline) {
          try {
            return testDatabase()
                .change(
                    "DELETE FROM ashlar_outbox WHERE created_at < DATEADD(SECOND, ?,"
                        + " CURRENT_TIMESTAMP) FETCH FIRST ? ROWS ONLY",
                    -retention().toSeconds(),
                    most);
          } catch (SQLException e) {
            throw SqlFailure.beforeCommit("twin", e);
          }
        }
      };
    }
  }

  static class HoldsTheTransactionTwin extends OutboxTwin {
    private final List<Connection> held = new ArrayList<>();

    HoldsTheTransactionTwin() throws SQLException {}

    @Override
    protected OutboxStore store() {
      return new ForwardingStore(super.store()) {
        @Override
        public List<OutboxRow> due(Turn turn, int most, Deadline deadline)
            throws InterruptedException {
          try {
            Connection connection = storeSource().getConnection();
            connection.setAutoCommit(false);
            held.add(connection);
            return super.due(turn, most, deadline);
          } catch (SQLException e) {
            throw SqlFailure.beforeCommit("twin", e);
          }
        }

        @Override
        public boolean sent(Turn turn, List<Long> numbers, Deadline deadline)
            throws InterruptedException {
          held.forEach(Database::closeQuietly);
          return super.sent(turn, numbers, deadline);
        }
      };
    }
  }
}
