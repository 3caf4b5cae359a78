package dev.ashlar.messaging.testkit.history;

import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.testkit.history.Event.Answer;
import dev.ashlar.messaging.testkit.history.Event.Deliver;
import dev.ashlar.messaging.testkit.history.Event.Send;
import dev.ashlar.messaging.testkit.history.Event.Settle;
import dev.ashlar.messaging.testkit.history.Event.Settled;
import dev.ashlar.messaging.testkit.history.Verdict.Anomaly;
import dev.ashlar.messaging.testkit.history.Verdict.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/*
 * Order in a key
 * --------------
 *
 * A pair is reordered if a was sent before b, and b was delivered before a, each "before" between spans:
 *
 *     a.send.ended < b.send.began    and    b.first.ended < a.first.began
 *
 * Looking at all pairs is quadratic. Instead the messages pass in the order in which their first
 * deliveries began, and those whose first delivery has ended by then stand on the left. Among these, the
 * one whose sending began last is the one that a must be compared with: if a was not sent before that
 * one, it was sent before none of them.
 */

/** What a history shows of a queue. */
final class QueueCheck {

  private final Map<MessageId, Life> lives = new LinkedHashMap<>();
  private final List<Finding> findings;

  QueueCheck(List<Event> events, List<Finding> findings) {
    this.findings = findings;
    for (Event event : events) {
      if (event instanceof Send send) {
        life(send.id()).sends.add(send);
      } else if (event instanceof Deliver deliver) {
        life(deliver.id()).deliveries.add(deliver);
      } else if (event instanceof Settle settle) {
        life(settle.id()).settles.add(settle);
      }
    }
  }

  private Life life(MessageId id) {
    return lives.computeIfAbsent(id, each -> new Life());
  }

  void run(boolean drained) {
    for (Life life : lives.values()) {
      if (drained) {
        lost(life);
      }
      duplicated(life);
    }
    reordered();
  }

  private void lost(Life life) {
    List<Send> confirmed =
        life.sends.stream().filter(send -> send.answer() == Answer.CONFIRMED).toList();
    long ended =
        life.settles.stream().filter(QueueCheck::mayEnd).count() + (life.endsDead() ? 1 : 0);
    if (!confirmed.isEmpty() && (life.deliveries.isEmpty() || ended < confirmed.size())) {
      List<Event> story = new ArrayList<>(confirmed);
      story.addAll(life.deliveries);
      story.addAll(life.settles);
      findings.add(new Finding(Anomaly.LOST, story));
    }
  }

  private static boolean mayEnd(Settle settle) {
    return settle.how() == Settled.DONE || settle.how() == Settled.UNKNOWN;
  }

  /** Both lists pass once, in the order of time. */
  private void duplicated(Life life) {
    List<Settle> done =
        life.settles.stream()
            .filter(settle -> settle.how() == Settled.DONE)
            .sorted(Comparator.comparingLong(settle -> settle.span().ended()))
            .toList();
    long sent = life.sends.stream().filter(send -> send.answer() != Answer.REFUSED).count();
    if (sent == 0 || done.size() < sent) {
      return;
    }
    Settle last = done.get((int) sent - 1);
    for (Deliver delivery : life.deliveries) {
      if (last.span().isBefore(delivery.span())) {
        findings.add(new Finding(Anomaly.DUPLICATED_AFTER_DONE, List.of(last, delivery)));
      }
    }
  }

  private void reordered() {
    Map<String, List<Life>> keys = new LinkedHashMap<>();
    for (Life life : lives.values()) {
      life.orderedKey()
          .ifPresent(key -> keys.computeIfAbsent(key, each -> new ArrayList<>()).add(life));
    }
    keys.values().forEach(this::reordered);
  }

  private void reordered(List<Life> ofOneKey) {
    List<Life> byBegin = new ArrayList<>(ofOneKey);
    byBegin.sort(Comparator.comparingLong(life -> life.first().span().began()));
    List<Life> byEnd = new ArrayList<>(ofOneKey);
    byEnd.sort(Comparator.comparingLong(life -> life.first().span().ended()));
    int left = 0;
    Optional<Life> latest = Optional.empty();
    for (Life life : byBegin) {
      while (left < byEnd.size() && byEnd.get(left).first().span().isBefore(life.first().span())) {
        Life passed = byEnd.get(left++);
        if (latest.isEmpty() || latest.get().sentBegan() < passed.sentBegan()) {
          latest = Optional.of(passed);
        }
      }
      latest
          .filter(other -> life.send().span().isBefore(other.send().span()))
          .ifPresent(other -> findings.add(overtaken(life, other)));
    }
  }

  private static Finding overtaken(Life first, Life second) {
    return new Finding(
        Anomaly.REORDERED_IN_KEY,
        List.of(first.send(), second.send(), second.first(), first.first()));
  }

  /** All that happened to one message id. */
  private static final class Life {
    final List<Send> sends = new ArrayList<>();
    final List<Deliver> deliveries = new ArrayList<>();
    final List<Settle> settles = new ArrayList<>();

    /** Of what was sent twice, nobody knows which copy is delivered. */
    Optional<String> orderedKey() {
      boolean judged =
          sends.size() == 1 && send().answer() == Answer.CONFIRMED && !deliveries.isEmpty();
      return judged ? send().key() : Optional.empty();
    }

    /** A dead letter that nobody redrove is not lost: it lies there, or was discarded. */
    boolean endsDead() {
      Optional<Settle> last =
          settles.stream().max(Comparator.comparingLong(settle -> settle.span().ended()));
      return last.filter(settle -> settle.how() == Settled.DEAD)
          .filter(
              settle -> deliveries.stream().noneMatch(each -> settle.span().isBefore(each.span())))
          .isPresent();
    }

    Send send() {
      return sends.get(0);
    }

    long sentBegan() {
      return send().span().began();
    }

    /** The delivery that ended first; a later one that began earlier only overlaps it. */
    Deliver first() {
      Deliver first = deliveries.get(0);
      for (Deliver delivery : deliveries) {
        first = delivery.span().ended() < first.span().ended() ? delivery : first;
      }
      return first;
    }
  }
}
