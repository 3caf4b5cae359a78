package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.testkit.Twins;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.jdbc.NaiveInbox.Mistake;
import dev.ashlar.messaging.outbox.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of an inbox is caught by the property that is named for it. */
class InboxTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(ForgetsTheAnswerTwin.class, "INBOX-1", "INBOX-12")
        .and(ChecksThenInsertsTwin.class, "INBOX-2")
        .and(NoSavepointTwin.class, "INBOX-3")
        .and(MarksBeforeWorkTwin.class, "INBOX-3", "INBOX-4")
        .and(MarksAfterCommitTwin.class, "INBOX-1", "INBOX-5")
        .and(KeyedWithoutConsumerTwin.class, "INBOX-6")
        .and(ForgetsNothingTwin.class, "INBOX-7")
        .and(SendsOutsideTheTransactionTwin.class, "INBOX-8")
        .and(RollsBackOnDuplicateTwin.class, "INBOX-9")
        .and(ComparesIdsOnlyTwin.class, "INBOX-10", "INBOX-12")
        .and(ForgetsIdsInFlightTwin.class, "INBOX-11")
        .tests();
  }

  /** The contract over an inbox with one mistake. */
  abstract static class InboxTwin extends JdbcInboxProperties {
    private final Mistake mistake;

    InboxTwin(Mistake mistake) throws SQLException {
      super(TestDatabase.h2());
      this.mistake = mistake;
    }

    @Override
    protected Inbox<Connection> inbox(InboxOptions options) {
      try {
        return new NaiveInbox(testDatabase(), options, mistake);
      } catch (SQLException e) {
        throw SqlFailure.beforeCommit("naive inbox", e);
      }
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(3);
    }
  }

  static class ForgetsTheAnswerTwin extends InboxTwin {
    ForgetsTheAnswerTwin() throws SQLException {
      super(Mistake.FORGETS_THE_ANSWER);
    }
  }

  static class ChecksThenInsertsTwin extends InboxTwin {
    ChecksThenInsertsTwin() throws SQLException {
      super(Mistake.CHECKS_THEN_INSERTS);
    }
  }

  static class NoSavepointTwin extends InboxTwin {
    NoSavepointTwin() throws SQLException {
      super(Mistake.NO_SAVEPOINT);
    }
  }

  static class MarksBeforeWorkTwin extends InboxTwin {
    MarksBeforeWorkTwin() throws SQLException {
      super(Mistake.MARKS_BEFORE_WORK);
    }
  }

  static class MarksAfterCommitTwin extends InboxTwin {
    MarksAfterCommitTwin() throws SQLException {
      super(Mistake.MARKS_AFTER_COMMIT);
    }
  }

  static class KeyedWithoutConsumerTwin extends InboxTwin {
    KeyedWithoutConsumerTwin() throws SQLException {
      super(Mistake.KEYED_WITHOUT_CONSUMER);
    }
  }

  static class ForgetsNothingTwin extends InboxTwin {
    ForgetsNothingTwin() throws SQLException {
      super(Mistake.FORGETS_NOTHING);
    }
  }

  static class RollsBackOnDuplicateTwin extends InboxTwin {
    RollsBackOnDuplicateTwin() throws SQLException {
      super(Mistake.ROLLS_BACK_ON_DUPLICATE);
    }
  }

  static class ComparesIdsOnlyTwin extends InboxTwin {
    ComparesIdsOnlyTwin() throws SQLException {
      super(Mistake.COMPARES_IDS_ONLY);
    }
  }

  static class ForgetsIdsInFlightTwin extends InboxTwin {
    ForgetsIdsInFlightTwin() throws SQLException {
      super(Mistake.FORGETS_IDS_IN_FLIGHT);
    }
  }

  /** What the work sends goes out by itself. */
  static class SendsOutsideTheTransactionTwin extends JdbcInboxProperties {
    SendsOutsideTheTransactionTwin() throws SQLException {
      super(TestDatabase.h2());
    }

    @Override
    protected Outbox<Connection> outbox() {
      return new OutsideTheTransaction(testDatabase().source(), super.outbox());
    }
  }
}
