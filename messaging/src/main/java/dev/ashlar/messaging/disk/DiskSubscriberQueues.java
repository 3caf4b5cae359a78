package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.topic.SubscriberQueues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The queues of a topic's subscriptions on disk: each a {@link DiskQueue} in a folder of its own
 * under a parent folder, or under several that each hold all of it.
 *
 * <p><b>Guarantees.</b> Those of {@link DiskQueue} for each. A queue that was dropped takes no
 * room.
 *
 * <p><b>Not guaranteed.</b> That a process which dies while a subscription ends has dropped its
 * queue: nobody finds it any more, and {@link #dropOthers} gives its room back.
 *
 * <p><b>Failures.</b> {@link DiskException} where a queue cannot be opened; {@link
 * BackendException} where one cannot be deleted; {@link IllegalStateException} once it is closed.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Each queue has two segments at least, in each folder: with many subscriptions
 * let {@link DiskOptions#withSegmentBytes} make them small.
 *
 * <pre>{@code
 * DiskSubscriberQueues queues =
 *     DiskSubscriberQueues.of(
 *         QueueOptions.capacity(10_000), DiskOptions.folder(parent), time, observer);
 * QueueTopic topic = QueueTopic.of(source, registry, queues, TopicOptions.of(time, observer));
 * queues.dropOthers(
 *     topic.subscriptions(deadline).stream().map(each -> each.queueName(topic.name())).toList());
 * }</pre>
 */
public final class DiskSubscriberQueues implements SubscriberQueues, AutoCloseable {

  private static final String PREFIX = "queue-";

  private final QueueOptions options;
  private final DiskOptions parents;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, DiskQueue> queues = new HashMap<>();
  private boolean closed;

  private DiskSubscriberQueues(
      QueueOptions options, DiskOptions parents, TimeSource time, Observer observer) {
    this.options = requireNonNull(options, "options");
    this.parents = requireNonNull(parents, "parents");
    this.time = requireNonNull(time, "time");
    this.observer = requireNonNull(observer, "observer");
  }

  /**
   * Returns the queues under the parents; none is opened before it is asked for.
   *
   * @param options the bounds of each
   * @param parents the options of each, but for its folders, which are made in these
   * @param time the clocks of each
   * @param observer is given to each
   */
  public static DiskSubscriberQueues of(
      QueueOptions options, DiskOptions parents, TimeSource time, Observer observer) {
    return new DiskSubscriberQueues(options, parents, time, observer);
  }

  @Override
  public MessageQueue open(String name) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("queues: closed (expected: open)");
      }
      return queues.computeIfAbsent(
          name, key -> DiskQueue.open(key, options, disk(key), time, observer));
    } finally {
      lock.unlock();
    }
  }

  private DiskOptions disk(String name) {
    return new DiskOptions(
        folders(PREFIX + name),
        parents.durability(),
        parents.segmentBytes(),
        parents.recordMaxBytes());
  }

  private List<Path> folders(String folderName) {
    return parents.folders().stream().map(parent -> parent.resolve(folderName)).toList();
  }

  /** Closes the queue and deletes its folders. */
  @Override
  public void drop(String name, Deadline deadline) {
    lock.lock();
    try {
      DiskQueue gone = queues.remove(name);
      if (gone != null) {
        gone.close();
      }
      folders(PREFIX + name).forEach(DiskSubscriberQueues::delete);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes the queues that no subscription has: those of a process that died while it ended one.
   * To be called before anybody subscribes or forwards.
   *
   * @param names of the queues that subscriptions have, {@link
   *     dev.ashlar.messaging.topic.Subscription#queueName}
   * @return how many were deleted
   */
  public int dropOthers(Collection<String> names) {
    Set<String> others = new HashSet<>();
    parents.folders().forEach(parent -> others.addAll(namesIn(parent)));
    others.removeAll(names);
    lock.lock();
    try {
      others.removeAll(queues.keySet());
    } finally {
      lock.unlock();
    }
    others.forEach(name -> folders(PREFIX + name).forEach(DiskSubscriberQueues::delete));
    return others.size();
  }

  private static List<String> namesIn(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(parent)) {
      return all.map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.startsWith(PREFIX))
          .map(name -> name.substring(PREFIX.length()))
          .toList();
    } catch (IOException e) {
      throw new BackendException(
          "queues: " + parent + " cannot be listed", Effect.NONE, new Advice.Transient(), e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException neverMade) {
      // A folder that is not there need not be deleted.
    } catch (IOException e) {
      throw new BackendException(
          "queues: " + folder + " cannot be deleted", Effect.UNKNOWN, new Advice.Transient(), e);
    }
  }

  /** Closes the queues that are open. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queues.values().forEach(DiskQueue::close);
      queues.clear();
    } finally {
      lock.unlock();
    }
  }
}
