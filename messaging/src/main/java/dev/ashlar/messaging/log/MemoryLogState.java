package dev.ashlar.messaging.log;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Everything a log in memory knows, and the one lock around it. */
final class MemoryLogState {

  private static final long HASHES = 1L << 32;

  private final String name;
  private final LogOptions options;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below are guarded by the lock.
  private final Map<String, MemoryPartition> partitions = new LinkedHashMap<>();
  private final Map<String, MemoryGroup> groups = new HashMap<>();
  private final Set<MemoryTransaction> transactions = new LinkedHashSet<>();
  private int partitionsMade;
  private long membersMade;
  private long epochsForgotten;
  private long unkeyed;
  private boolean closed;

  MemoryLogState(String name, LogOptions options, TimeSource time, Observer observer) {
    this.name = name;
    this.options = options;
    this.time = time;
    this.observer = observer;
    for (int i = 0; i < options.partitions(); i++) {
      long from = HASHES * i / options.partitions();
      add(Set.of(), from, HASHES * (i + 1) / options.partitions());
    }
  }

  private MemoryPartition add(Set<String> parents, long from, long to) {
    String id = Integer.toString(partitionsMade++);
    MemoryPartition partition = new MemoryPartition(id, parents, from, to);
    partitions.put(id, partition);
    return partition;
  }

  <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      tick();
      T result = body.get();
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Asks until there is an answer or the deadline comes; at least once. */
  <T> Optional<T> awaited(Deadline deadline, Duration slice, Supplier<Optional<T>> question)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        tick();
        Optional<T> answer = question.get();
        if (answer.isPresent() || deadline.hasExpired()) {
          return answer;
        }
        time.await(changed, deadline.shortenedTo(slice));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What time alone has brought about; whoever looks next does it. */
  private void tick() {
    if (closed) {
      throw new IllegalStateException("log " + name + ": closed (expected: open)");
    }
    long now = time.nanos();
    for (MemoryTransaction transaction : List.copyOf(transactions)) {
      if (now - transaction.begunNanos >= options.transactionMax().toNanos()) {
        end(transaction, false);
        observer.count("log.transaction.expired", 1);
      }
    }
    for (MemoryPartition partition : partitions.values()) {
      partition.trim(options.retention(), options.retentionBytes(), now);
    }
    groups.values().forEach(group -> group.tick(partitions.values(), now));
  }

  long nowNanos() {
    return time.nanos();
  }

  Map<String, MemoryPartition> partitions() {
    return partitions;
  }

  MemoryPartition partition(String id) {
    MemoryPartition partition = partitions.get(id);
    if (partition == null) {
      throw new IllegalArgumentException(
          "partition: " + id + " (expected: one of log " + name + ")");
    }
    return partition;
  }

  AppendResult append(Message message, Optional<MemoryTransaction> transaction) {
    if (transaction.filter(each -> !each.isOpen() || each.isFull()).isPresent()) {
      return new AppendResult.Refused(
          new Advice.Permanent(),
          "transaction: ended or full (expected: open, at most "
              + EventLog.BATCH_MAX
              + " records)");
    }
    MemoryPartition partition = partitionFor(message);
    long now = time.nanos();
    if (!partition.hasRoomFor(message, options, now)) {
      return new AppendResult.Refused(
          new Advice.Overloaded(Duration.ZERO),
          "partition " + partition.id + ": full of what an open transaction holds back");
    }
    long number = partition.append(message, transaction.isEmpty(), now, time.wallTime());
    transaction.ifPresent(each -> each.add(partition, number));
    return new AppendResult.Accepted(partition.position(number));
  }

  private MemoryPartition partitionFor(Message message) {
    long hash = message.key().map(MemoryLogState::hashOf).orElse(-1L);
    List<MemoryPartition> open = new ArrayList<>();
    for (MemoryPartition partition : partitions.values()) {
      if (partition.isOpen()) {
        if (hash >= partition.hashFrom && hash < partition.hashTo) {
          return partition;
        }
        open.add(partition);
      }
    }
    return open.get((int) (unkeyed++ % open.size()));
  }

  /** Spreads what is alike: the last steps of MurmurHash3, by Austin Appleby. */
  private static long hashOf(String key) {
    int hash = key.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return Integer.toUnsignedLong(hash ^ (hash >>> 16));
  }

  MemoryTransaction begin() {
    if (transactions.size() >= MemoryEventLog.TRANSACTIONS_MAX) {
      throw new BackendException(
          "transactions: " + transactions.size() + " open (expected: fewer)",
          Effect.NONE,
          new Advice.Overloaded(Duration.ZERO),
          null);
    }
    MemoryTransaction transaction = new MemoryTransaction(time.nanos());
    transactions.add(transaction);
    return transaction;
  }

  boolean end(MemoryTransaction transaction, boolean committed) {
    if (!transactions.remove(transaction)) {
      return false;
    }
    transaction.end(committed);
    return true;
  }

  List<String> split(String id) {
    MemoryPartition parent = openPartition(id);
    if (parent.hashTo - parent.hashFrom < 2) {
      throw new IllegalArgumentException("partition: " + id + " (expected: with keys to share)");
    }
    checkRoomFor(2);
    long middle = (parent.hashFrom + parent.hashTo) / 2;
    MemoryPartition lower = add(Set.of(id), parent.hashFrom, middle);
    MemoryPartition upper = add(Set.of(id), middle, parent.hashTo);
    parent.close(Set.of(lower.id, upper.id));
    return List.of(lower.id, upper.id);
  }

  String merge(String lowerId, String upperId) {
    MemoryPartition lower = openPartition(lowerId);
    MemoryPartition upper = openPartition(upperId);
    if (lower.hashTo != upper.hashFrom) {
      throw new IllegalArgumentException(
          "partitions: " + lowerId + ", " + upperId + " (expected: neighbours, the lower first)");
    }
    checkRoomFor(1);
    MemoryPartition child = add(Set.of(lowerId, upperId), lower.hashFrom, upper.hashTo);
    lower.close(Set.of(child.id));
    upper.close(Set.of(child.id));
    return child.id;
  }

  private MemoryPartition openPartition(String id) {
    MemoryPartition partition = partition(id);
    if (!partition.isOpen()) {
      throw new IllegalArgumentException("partition: " + id + " is closed (expected: open)");
    }
    return partition;
  }

  private void checkRoomFor(int more) {
    if (partitions.size() + more > LogOptions.PARTITIONS_MAX) {
      throw new IllegalStateException(
          "partitions: "
              + partitions.size()
              + " (expected: fewer than "
              + LogOptions.PARTITIONS_MAX
              + ")");
    }
  }

  long nextMember() {
    return ++membersMade;
  }

  MemoryGroup groupFor(String group, StartAt start, Duration term) {
    MemoryGroup known = groups.get(group);
    if (known == null) {
      // Groups stay until somebody forgets one.
      checkBound("groups", groups.size(), MemoryEventLog.GROUPS_MAX, new Advice.Permanent());
      StartAt all = start instanceof StartAt.After one ? StartAt.behind(one.position()) : start;
      if (all instanceof StartAt.Behind behind) {
        behind.positions().forEach(each -> partition(each.partition()));
      }
      known = new MemoryGroup(all, partitions.values(), epochsForgotten);
      groups.put(group, known);
    }
    // A member that is gone stops counting after its term.
    checkBound("members", known.size(), MemoryEventLog.MEMBERS_MAX, new Advice.Overloaded(term));
    return known;
  }

  Set<String> groups() {
    return Set.copyOf(groups.keySet());
  }

  /** Epochs go on in a group that is made anew, for whoever was told one by the old group. */
  ForgetResult forget(String group) {
    MemoryGroup known = groups.get(group);
    if (known == null) {
      return new ForgetResult.Forgotten();
    }
    if (known.size() > 0) {
      return new ForgetResult.InUse(known.size());
    }
    groups.remove(group);
    known.forget();
    epochsForgotten = Math.max(epochsForgotten, known.epochMax());
    return new ForgetResult.Forgotten();
  }

  private static void checkBound(String what, int count, int max, Advice advice) {
    if (count >= max) {
      throw new BackendException(
          what + ": " + count + " (expected: fewer than " + max + ")", Effect.NONE, advice, null);
    }
  }

  List<Lag> lag(String group) {
    MemoryGroup known = groups.get(group);
    List<Lag> lags = new ArrayList<>();
    for (MemoryPartition partition : partitions.values()) {
      Optional<Long> behind =
          known == null
              ? Optional.of(partition.startOf(StartAt.beginning()))
              : known.behind(partition);
      behind.ifPresent(
          number -> lags.add(partition.lag(number, heldBack(partition), time.nanos())));
    }
    return lags;
  }

  private Duration heldBack(MemoryPartition partition) {
    return transactions.stream()
        .filter(transaction -> transaction.holdsBack(partition))
        .map(transaction -> Duration.ofNanos(time.nanos() - transaction.begunNanos))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /** Wakes whoever waits, to look again. */
  void changed() {
    changed.signalAll();
  }

  void lost() {
    observer.count("log.commit.lost", 1);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
