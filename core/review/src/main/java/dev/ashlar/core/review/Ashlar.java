package dev.ashlar.core.review;

import java.util.List;
import java.util.regex.Pattern;

/** The members of Ashlar that rules look for, by name; a test finds each of them in the blocks. */
final class Ashlar {

  private static final String CORE = "dev.ashlar.core.";
  private static final String LEASES = "dev.ashlar.leases.";
  private static final String MESSAGING = "dev.ashlar.messaging.";
  private static final String RESILIENCE = "dev.ashlar.resilience.";
  private static final String TRACING = "dev.ashlar.tracing.";

  static final String CALL_CONTEXT = CORE + "CallContext";
  static final Target FRESH_DEADLINE = Target.of(CORE + "Deadline", "after");
  static final Target WAIT = Target.of(CORE + "TimeSource", "sleep", "await");
  static final Target WALL_TIME = Target.of(CORE + "TimeSource", "wallTime");
  static final Target ID_TEXT = Target.of(CORE + "IdSource", "text");

  static final String OUTCOME = MESSAGING + "Outcome";

  /** What tells how a sending or an append ended, and the tickets for it. */
  static final Pattern RESULTS =
      Pattern.compile(
          "dev\\.ashlar\\.messaging\\.(\\w+\\.)?((Send|Append)Result(\\$Ticket)?|Ticket)");

  private static final String[] SENDING = {
    "send", "trySend", "sendAll", "submit", "append", "tryAppend", "appendAll"
  };
  static final Target[] SENDS = {
    Target.of(MESSAGING + "MessageQueue", SENDING),
    Target.of(MESSAGING + "topic.Topic", SENDING),
    Target.of(MESSAGING + "log.EventLog", SENDING)
  };
  static final Target[] BATCHES = {
    Target.of(MESSAGING + "MessageQueue", "sendAll"),
    Target.of(MESSAGING + "topic.Topic", "sendAll"),
    Target.of(MESSAGING + "log.EventLog", "appendAll")
  };
  static final Target MESSAGE_ID = Target.of(MESSAGING + "MessageId", "next");
  static final Target MESSAGE_KEY = Target.of(MESSAGING + "Message", "withKey");
  static final Target QUEUE_OPTIONS = Target.of(MESSAGING + "QueueOptions", "capacity");
  static final Target DEAD_KEY = Target.of(MESSAGING + "QueueOptions", "withDeadKey");
  static final Target DEAD_LETTERS = Target.of(MESSAGING + "MessageQueue", "deadLetters");
  static final Target DEPTH_DEAD = Target.of(MESSAGING + "MessageQueue$Depth", "dead");
  static final Target CONSUMER = Target.of(MESSAGING + "consume.Consumer", "start");
  static final Target AT_MOST_ONCE =
      Target.of(MESSAGING + "consume.ConsumerOptions$Mode", "AT_MOST_ONCE");
  static final Target INBOX = Target.of(MESSAGING + "inbox.Inbox", "once");
  static final Target INBOX_OPTIONS = Target.of(MESSAGING + "inbox.InboxOptions", "<init>");
  static final Target HORIZON = Target.of(MESSAGING + "Guarantees", "redeliveryHorizon");
  static final Target POSITION = Target.of(MESSAGING + "log.Position", "token", "of", "<init>");
  static final Target[] COMMITS = {Target.of(MESSAGING + "log.OwnedPartition", "commit", "finish")};
  static final Target STREAM_READ = Target.of(MESSAGING + "sourcing.EventStore", "read");
  static final Target ANY_END = Target.of(MESSAGING + "sourcing.ExpectedEnd", "any");
  static final Target ANY_END_MADE = Target.of(MESSAGING + "sourcing.ExpectedEnd$Any", "<init>");
  static final Target[] WEAK_DURABILITY = {
    Target.of(MESSAGING + "journal.Durability", "OS", "every"),
    Target.of(MESSAGING + "journal.Durability$Os", "<init>"),
    Target.of(MESSAGING + "journal.Durability$Every", "<init>")
  };

  static final Target[] LEASE = {
    Target.of(LEASES + "Lease", "stillHeld", "remaining", "fence", "name"),
    Target.of(LEASES + "Grant", "term", "fence")
  };

  /** What is held, and kept in no static field. */
  static final List<String> HELD = List.of(LEASES + "Lease", LEASES + "guard.Claim");

  /** What tells whether somebody may act, or has acted. */
  static final List<String> VERDICTS =
      List.of(LEASES + "guard.Fenced", LEASES + "keep.Scoped", LEASES + "keep.Acquisition");

  static final String LOSS_CAUSE = LEASES + "LossCause";
  static final String LEASED_WORK = LEASES + "keep.Leases$Work";
  static final String GUARDED_WORK = LEASES + "guard.ResourceWriter$Work";
  static final Target UNFENCED = Target.of(LEASES + "guard.ResourceWriter", "unfenced");
  static final Target MEMORY_FLOOR = Target.of(LEASES + "guard.MemoryFloor", "of");
  static final Target WHEN_LOST = Target.of(LEASES + "Lease", "whenLost");
  static final Target[] STATE_READ = {
    Target.of(LEASES + "Lease", "state", "stillHeld", "remaining", "use", "confirm"),
    Target.of(LEASES + "guard.ResourceWriter", "write"),
    Target.of(LEASES + "keep.Leases", "call")
  };
  static final Target[] ENDING = {
    Target.of(LEASES + "Lease", "release", "close", "confirm"),
    Target.of(LEASES + "keep.Leases", "close", "acquire", "tryAcquire", "call")
  };
  static final Target CONFIRM = Target.of(LEASES + "Lease", "confirm");
  static final Target NUMBER_ORDER = Target.of(CORE + "FencingToken", "compareTo");
  static final Target LEASES_OF = Target.of(LEASES + "keep.Leases", "of");
  static final Target SEEDED_IDS = Target.of(CORE + "IdSource", "of");
  static final Target[] SUSPICIONS = {
    Target.of(LEASES + "detect.Suspicion", "verdict", "level"),
    Target.of(LEASES + "detect.FailureDetector", "suspicion")
  };
  static final Target[] OWNING = {
    Target.of(LEASES + "LeaseStore", "release"),
    Target.of(LEASES + "Lease", "lose"),
    Target.of(LEASES + "guard.ResourceWriter", "unfenced")
  };

  static final String CALL = RESILIENCE + "Call";
  static final Target PIPELINE = Target.of(RESILIENCE + "Pipeline", "of");
  static final Target PIPELINE_CALLS = Target.of(RESILIENCE + "Pipeline", "call", "tryCall");

  static final Target CARRYING = Target.of(TRACING + "ContextSnapshot", "carrying");
  static final Target TRACING_SCOPES = Target.of(TRACING + "Tracing", "run", "call");

  private Ashlar() {}
}
