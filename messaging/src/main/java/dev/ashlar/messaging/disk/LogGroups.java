package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/*
 * A group that is forgotten must not come back with the next opening, so in the journal all of its
 * commits stand in front of the record that says so, and what makes it anew stands behind:
 *
 *     group  commit  commit           forget           group  commit
 *     ----------------------|-----------|------|---------------------> journal
 *               members live  forgetting  applied  made anew
 *
 * Forgetting is decided under the lock, when nobody lives there and no decided commit is still to be
 * written. From then on members of the old group get nothing, and nobody joins. What ends this is the
 * record itself, when the view comes to it, and not the answer of the disk, which may be late.
 */
/** Groups of a log on disk: joining them, and forgetting them. */
final class LogGroups {

  /** A commit is decided before it is written; this is how often forgetting looks whether it is. */
  private static final Duration SLICE = Duration.ofMillis(10);

  private final LogEngine engine;
  private final LogState state;
  private final TimeSource time;
  private final AtomicLong members = new AtomicLong();

  /** The groups whose forgetting is being written; under the log's lock. */
  private final Set<String> underway = new HashSet<>();

  LogGroups(LogEngine engine, TimeSource time) {
    this.engine = engine;
    this.state = engine.state();
    this.time = time;
  }

  GroupMember join(String name, StartAt start, Duration term) throws InterruptedException {
    state.catchUp();
    StartAt all = start instanceof StartAt.After one ? StartAt.behind(one.position()) : start;
    Optional<LogGroup> known = state.locked(now -> Optional.ofNullable(now.groups.get(name)));
    LogPlace[] places = known.isPresent() ? known.get().places() : places(all);
    LogMember.Id id = new LogMember.Id(engine.name(), members.incrementAndGet(), term);
    LogGroup group = state.locked(now -> enter(now, name, places, id));
    boolean joined = false;
    try {
      if (!state.locked(now -> group.durable)) {
        // Whoever joins meanwhile writes it too: it is the same, and only one has to get there.
        engine
            .writer()
            .write(
                LogFormat.group(state.locked(now -> group.places()), name),
                Deadline.after(LogEngine.ANSWER_MAX, time));
        state.locked(now -> group.durable = true);
      }
      joined = true;
    } finally {
      boolean stays = joined;
      state.locked(now -> entered(group, id, stays));
    }
    return new LogMember(engine, id, group);
  }

  private LogPlace[] places(StartAt start) throws InterruptedException {
    if (start instanceof StartAt.Behind behind) {
      behind.positions().forEach(each -> engine.partition(each.partition()));
    }
    List<String> partitions = engine.partitions();
    LogPlace[] places = new LogPlace[partitions.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = engine.reads().locate(i, start);
    }
    return places;
  }

  /** The member is expected from here on, so that nobody forgets the group before it attends. */
  private LogGroup enter(LogView now, String name, LogPlace[] places, LogMember.Id id) {
    if (underway.contains(name)) {
      throw busy(name);
    }
    LogGroup group = now.groups.get(name);
    if (group == null) {
      // Groups stay until somebody forgets one.
      checkBound("groups", now.groups.size(), DiskEventLog.GROUPS_MAX, new Advice.Permanent());
      group = new LogGroup(name, now.epochsBehind(), places);
      now.groups.put(name, group);
    }
    if (group.forgetting) {
      throw busy(name);
    }
    group.tick(now.partitions, time.nanos());
    // A member that is gone stops counting after its term.
    checkBound(
        "members", group.shares.size(), DiskEventLog.MEMBERS_MAX, new Advice.Overloaded(id.term()));
    group.shares.expect(id.number(), id.term().toNanos(), time.nanos());
    group.unwritten++;
    return group;
  }

  private static int entered(LogGroup group, LogMember.Id id, boolean stays) {
    if (!stays) {
      group.shares.leave(id.number());
    }
    return group.unwritten--;
  }

  private static BackendException busy(String name) {
    return new BackendException(
        "group " + name + ": is being forgotten, or a commit of it written (expected: neither)",
        Effect.NONE,
        new Advice.Transient(),
        null);
  }

  private static void checkBound(String what, int count, int max, Advice advice) {
    if (count >= max) {
      throw new BackendException(
          what + ": " + count + " (expected: fewer than " + max + ")", Effect.NONE, advice, null);
    }
  }

  ForgetResult forget(String name, Deadline deadline) throws InterruptedException {
    Decision decision =
        state
            .awaited(deadline, SLICE, () -> state.locked(now -> decide(now, name)))
            .orElseThrow(() -> busy(name));
    if (decision.writes()) {
      try {
        write(name, deadline);
      } finally {
        state.changing(now -> underway.remove(name));
      }
    }
    return decision.result();
  }

  /** Decides, unless something is still to be written that must stand in front. */
  private Optional<Decision> decide(LogView now, String name) {
    LogGroup group = now.groups.get(name);
    if (underway.contains(name)) {
      return Optional.empty();
    }
    if (group == null) {
      return Optional.of(new Decision(false, new ForgetResult.Forgotten()));
    }
    group.tick(now.partitions, time.nanos());
    if (group.shares.size() > 0) {
      return Optional.of(new Decision(false, new ForgetResult.InUse(group.shares.size())));
    }
    if (group.unwritten > 0) {
      return Optional.empty();
    }
    group.forgetting = true;
    underway.add(name);
    return Optional.of(new Decision(true, new ForgetResult.Forgotten()));
  }

  private void write(String name, Deadline deadline) throws InterruptedException {
    try {
      engine.writer().write(LogFormat.forget(name), deadline);
    } catch (BackendException e) {
      if (e.effect() == Effect.NONE) {
        state.locked(now -> reprieve(now, name));
      }
      throw e;
    }
    state.catchUp();
  }

  private static boolean reprieve(LogView now, String name) {
    LogGroup group = now.groups.get(name);
    if (group != null) {
      group.forgetting = false;
    }
    return group != null;
  }

  /** What comes of asking to forget a group, and whether that has to be written first. */
  private record Decision(boolean writes, ForgetResult result) {}
}
