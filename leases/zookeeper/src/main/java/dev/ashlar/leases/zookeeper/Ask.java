package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import java.util.Optional;

/**
 * One request of one contender: looks, changes one thing, and looks again, until it has an answer.
 */
final class Ask {

  /** Each look that leads to none was overtaken by a change of somebody else. */
  private static final int LOOKS_MAX = 100;

  private final Contender contender;
  private final Session session;
  private final Line line;
  private final Tenure tenure;
  private final TimeSource time;
  private final Observer observer;

  Ask(Layout layout, Session session, Tenure tenure, TimeSource time, Observer observer) {
    this.contender = tenure.contender();
    this.session = session;
    this.line = new Line(layout, contender.lease(), session);
    this.tenure = tenure;
    this.time = time;
    this.observer = observer;
  }

  Answer<Grant> grant() throws InterruptedException {
    clearWhatIsOver();
    Optional<Answer<Grant>> answer = Optional.empty();
    for (int i = 0; i < LOOKS_MAX && answer.isEmpty(); i++) {
      answer = step(line.look());
    }
    return answer.orElseGet(this::overtaken);
  }

  private Optional<Answer<Grant>> step(View view) throws InterruptedException {
    Optional<Place> mine = view.placeOf(contender);
    if (mine.isEmpty()) {
      if (view.wasGrantedTo(contender)) {
        return Optional.of(new Answer.Refused<>(Optional.empty()));
      }
      enter(view);
      return Optional.empty();
    }
    return isOwn(mine.get()) ? atPlace(mine.get(), view) : Optional.empty();
  }

  private void enter(View view) throws InterruptedException {
    if (view.mark().isEmpty()) {
      line.prepare();
      return;
    }
    observer.step("lease.zookeeper.enter");
    tenure.expect(session);
    Optional<Place> taken = line.enter(contender, view.mark().get());
    if (taken.isPresent()) {
      tenure.take(session, taken.get());
      observer.step("lease.zookeeper.queued");
    } else {
      line.prepare();
    }
  }

  /** The owner check: a place that is known by its nonce alone may be another session's. */
  private boolean isOwn(Place mine) throws InterruptedException {
    if (tenure.has(session, mine)) {
      return true;
    }
    if (line.isOwn(mine)) {
      tenure.take(session, mine);
      return true;
    }
    tenure.expect(session);
    line.move(mine, contender).ifPresent(moved -> tenure.take(session, moved));
    return false;
  }

  private Optional<Answer<Grant>> atPlace(Place mine, View view) throws InterruptedException {
    Place head = view.head().orElse(mine);
    Optional<Fence> held = view.held();
    long sent = time.nanos();
    if (head.equals(mine)) {
      return (held.isPresent() ? confirm(mine, view) : mint(mine, contender, view))
          .map(fence -> granted(fence, sent));
    }
    if (held.isEmpty()) {
      Optional<Contender> next = line.contenderAt(head);
      if (next.isPresent()) {
        held = mint(head, next.get(), view);
      }
    }
    tenure.asked(sent, session.term());
    tenure.standsBehind(session, line.path(view.ahead(mine).orElse(head)));
    return held.map(this::refused);
  }

  private Optional<Fence> mint(Place head, Contender holder, View view)
      throws InterruptedException {
    observer.step("lease.zookeeper.mint");
    Optional<Mark> written =
        view.mark().isPresent() ? line.grant(head, holder, view.mark().get()) : Optional.empty();
    observer.step("lease.zookeeper.minted");
    return written.flatMap(Mark::fence);
  }

  private Optional<Fence> confirm(Place mine, View view) throws InterruptedException {
    Optional<Mark> mark = view.mark();
    boolean confirmed = mark.isPresent() && line.confirm(mine, contender, mark.get());
    return confirmed ? mark.flatMap(Mark::fence) : Optional.empty();
  }

  private Answer<Grant> granted(Fence fence, long sent) {
    tenure.asked(sent, session.term());
    return new Answer.Done<>(new Grant(fence, session.term()));
  }

  private <V> Answer<V> refused(Fence holder) {
    return new Answer.Refused<>(Optional.of(new Grant(holder, session.timeout())));
  }

  private <V> Answer<V> overtaken() {
    return new Answer.Unknown<>(
        new BackendException(
            "lease " + contender.lease().value() + ": overtaken " + LOOKS_MAX + " times",
            session.wrote() ? Effect.UNKNOWN : Effect.NONE,
            new Advice.Transient(),
            null));
  }

  Answer<Grant> extend(Fence fence) throws InterruptedException {
    clearWhatIsOver();
    for (int i = 0; i < LOOKS_MAX; i++) {
      View view = line.look();
      Optional<Place> mine = view.placeOf(contender);
      if (mine.isEmpty() || view.held().filter(fence::equals).isEmpty()) {
        return notHeld(view);
      }
      if (isOwn(mine.get())) {
        long sent = time.nanos();
        if (confirm(mine.get(), view).isPresent()) {
          return granted(fence, sent);
        }
      }
    }
    return overtaken();
  }

  private <V> Answer<V> notHeld(View view) {
    Optional<Fence> held = view.held();
    return held.isPresent() ? refused(held.get()) : new Answer.Refused<>(Optional.empty());
  }

  /** Deletes whatever the contender has, in whichever session. */
  Answer<Contender> release() throws InterruptedException {
    tenure.end();
    line.sync();
    boolean ended = false;
    for (int i = 0; i < LOOKS_MAX; i++) {
      View view = line.look();
      Optional<Place> left = view.placeOf(contender);
      if (left.isEmpty()) {
        tenure.gone();
        observer.step("lease.zookeeper.released");
        return ended || view.wasGrantedTo(contender) ? new Answer.Done<>(contender) : notHeld(view);
      }
      // A successor may be granted before the next look, so this one counts.
      ended |= line.delete(left.get()) && view.wasGrantedTo(contender);
    }
    return overtaken();
  }

  /** A place whose term is over must be gone before anything is done in its contender's name. */
  private void clearWhatIsOver() throws InterruptedException {
    if (!tenure.isOver()) {
      return;
    }
    line.sync();
    for (Place place : line.look().queue()) {
      if (tenure.made(place)) {
        line.delete(place);
      }
    }
    tenure.gone();
  }
}
