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
import java.time.Duration;
import java.util.Optional;

/**
 * One request of one contender: looks, changes one thing, and looks again, until it has an answer.
 */
final class Ask {

  /** Each look that leads to none was overtaken by a change of somebody else. */
  private static final int LOOKS_MAX = 100;

  /** What was proven earlier than this part of a term ago is proven anew. */
  private static final int FRESH_PART = 8;

  private final Contender contender;
  private final Session session;
  private final Line line;
  private final Tenure tenure;
  private final Quiet quiet;
  private final TimeSource time;
  private final Observer observer;

  /** What came with the last change, if it was of use. */
  private Optional<View> seen = Optional.empty();

  Ask(Surroundings around, Session session, Tenure tenure) {
    this.contender = tenure.contender();
    this.session = session;
    this.line = new Line(around.layout(), contender.lease(), session);
    this.tenure = tenure;
    this.quiet = around.quiet();
    this.time = around.time();
    this.observer = around.observer();
  }

  /** What all requests of a store share. */
  record Surroundings(Layout layout, Quiet quiet, TimeSource time, Observer observer) {}

  Answer<Grant> grant() throws InterruptedException {
    clearWhatIsOver();
    Optional<Answer<Grant>> answer = handedOver();
    if (answer.isEmpty() && tenure.isNewAmongOthers(session)) {
      answer = enterBehindOthers();
    } else if (answer.isEmpty()) {
      seen = quiet.take(contender.lease());
    }
    for (int i = 0; i < LOOKS_MAX && answer.isEmpty(); i++) {
      answer = step(view());
    }
    return answer.orElseGet(this::overtaken);
  }

  /** What was handed over was proven when it was sent, and its term counts from then. */
  private Optional<Answer<Grant>> handedOver() {
    return tenure.takeHanded(session).flatMap(this::grantedBefore);
  }

  private Optional<Answer<Grant>> grantedBefore(Hold proven) {
    Duration age = Duration.ofNanos(time.nanos() - proven.provenNanos());
    Duration term = session.term();
    if (age.compareTo(term.dividedBy(FRESH_PART)) >= 0) {
      return Optional.empty();
    }
    tenure.granted(session, proven);
    return proven.mark().fence().map(fence -> new Answer.Done<>(new Grant(fence, term.minus(age))));
  }

  /**
   * Others of this process are in line, so there is nothing to look at but whether the contender's
   * time is over; the answer to that and the place come together.
   */
  private Optional<Answer<Grant>> enterBehindOthers() throws InterruptedException {
    observer.step("lease.zookeeper.enter");
    long sent = time.nanos();
    Session.Reading reading = line.startMark();
    Optional<Session.Sent> request =
        tenure.entering(session, () -> line.startEnter(contender, this::taken));
    if (request.isEmpty()) {
      return Optional.of(new Answer.Refused<>(Optional.empty()));
    }
    Optional<Line.Entry> entry = entered(request.get());
    boolean isOver = line.mark(reading).filter(mark -> mark.isOf(contender)).isPresent();
    if (isOver) {
      tenure.end();
      clearWhatIsOver();
      return Optional.of(new Answer.Refused<>(Optional.empty()));
    }
    Optional<Fence> holder = entry.flatMap(one -> tenure.standsBehindNear(session, one.entries()));
    holder.ifPresent(one -> tenure.asked(sent, session.term()));
    return holder.map(this::refused);
  }

  private void taken(Line.Entry entry) {
    tenure.take(session, entry);
  }

  private Optional<Line.Entry> entered(Session.Sent request) throws InterruptedException {
    Optional<Line.Entry> entry = line.entered(request, contender);
    if (entry.isPresent()) {
      observer.step("lease.zookeeper.queued");
    } else {
      tenure.notEntered();
    }
    return entry;
  }

  private View view() throws InterruptedException {
    Optional<View> view = seen;
    seen = Optional.empty();
    return view.isPresent() ? view.get() : line.look();
  }

  private Optional<Answer<Grant>> step(View view) throws InterruptedException {
    Optional<Place> mine = view.placeOf(contender);
    if (mine.isPresent()) {
      return isOwn(mine.get()) ? atPlace(mine.get(), view) : Optional.empty();
    }
    if (view.wasGrantedTo(contender)) {
      return Optional.of(new Answer.Refused<>(Optional.empty()));
    }
    if (!view.isPrepared()) {
      seen = line.prepare(view);
      return Optional.empty();
    }
    observer.step("lease.zookeeper.enter");
    return view.queue().isEmpty() ? enterFirst(view) : enterLast();
  }

  /** Nobody is in line: the place and the grant are one write. */
  private Optional<Answer<Grant>> enterFirst(View view) throws InterruptedException {
    long sent = time.nanos();
    Optional<Session.Sent> request =
        tenure.entering(session, () -> line.startEnterFirst(contender, view, this::taken));
    if (request.isEmpty()) {
      return Optional.of(new Answer.Refused<>(Optional.empty()));
    }
    return entered(request.get())
        .flatMap(entry -> entry.mark().map(mark -> granted(Hold.first(entry, mark, sent))));
  }

  /** The look goes out with the change, behind which the server answers it. */
  private Optional<Answer<Grant>> enterLast() throws InterruptedException {
    Optional<Session.Sent> request =
        tenure.entering(session, () -> line.startEnter(contender, this::taken));
    if (request.isEmpty()) {
      return Optional.of(new Answer.Refused<>(Optional.empty()));
    }
    Session.Looking looking = line.startLook();
    // The look tells what came of it.
    Optional<Line.Entry> unused = entered(request.get());
    seen = Optional.of(line.seen(looking));
    return Optional.empty();
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
    tenure.moving(session);
    line.move(mine).ifPresent(moved -> tenure.take(session, moved));
    return false;
  }

  private Optional<Answer<Grant>> atPlace(Place mine, View view) throws InterruptedException {
    Place head = view.head().orElse(mine);
    Optional<Fence> held = view.held();
    long sent = time.nanos();
    if (head.equals(mine)) {
      return held.isPresent()
          ? heldBy(mine, view)
          : mint(mine, view).map(mark -> granted(Hold.seen(mine, mark, view, sent)));
    }
    if (held.isEmpty()) {
      held = mint(head, view).flatMap(Mark::fence);
    }
    tenure.asked(sent, session.term());
    tenure.standsBehind(session, line.path(view.ahead(mine).orElse(head)));
    return held.map(this::refused);
  }

  /**
   * Whoever waited and finds that the lease was handed over to it needs no write of its own, if its
   * session has written a moment ago; the term counts from then.
   */
  private Optional<Answer<Grant>> heldBy(Place mine, View view) throws InterruptedException {
    Mark mark = view.mark().orElseThrow();
    Optional<Long> proven = tenure.isWaiting() ? session.provenNanos() : Optional.empty();
    Optional<Answer<Grant>> answer =
        proven.flatMap(nanos -> grantedBefore(Hold.seen(mine, mark, view, nanos)));
    long sent = time.nanos();
    return answer.isEmpty() && line.confirm(mine, mark)
        ? Optional.of(granted(Hold.seen(mine, mark, view, sent)))
        : answer;
  }

  private Optional<Mark> mint(Place head, View view) throws InterruptedException {
    observer.step("lease.zookeeper.mint");
    Optional<Mark> written =
        view.mark().isPresent() ? line.grant(head, view.mark().get()) : Optional.empty();
    observer.step("lease.zookeeper.minted");
    return written;
  }

  private Answer<Grant> granted(Hold proven) {
    tenure.granted(session, proven);
    Fence fence = proven.mark().fence().orElseThrow();
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

  /** Extends one grant with a look at its own place: where a beacon does not speak for it. */
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
        Mark mark = view.mark().orElseThrow();
        if (line.confirm(mine.get(), mark)) {
          return granted(Hold.seen(mine.get(), mark, view, sent));
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
    Optional<Hold> hold = tenure.end(session);
    if (hold.isPresent() && gaveBack(hold.get())) {
      observer.step("lease.zookeeper.released");
      return new Answer.Done<>(contender);
    }
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

  /** Ends a grant in one write, which hands it over to whoever is known to be next. */
  private boolean gaveBack(Hold hold) throws InterruptedException {
    Optional<Stand> near = tenure.next();
    Optional<Place> next = near.flatMap(Stand::place).or(hold::next);
    long sent = time.nanos();
    if (next.isPresent()) {
      Place to = next.get();
      boolean passed =
          line.handOver(hold, to, mark -> tenure.gone(near, Hold.handed(to, mark, sent)));
      if (passed) {
        return true;
      }
    }
    boolean was = line.delete(hold.place());
    if (was) {
      tenure.gone();
      hold.nobodyAfter().ifPresent(view -> quiet.note(contender.lease(), view));
    }
    return was;
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
