package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store behind a line that a test cuts, slows down or makes echo, with a record of what went over
 * it.
 *
 * <p><b>Threads.</b> Safe.
 */
final class FaultyStore extends ForwardingStore {

  /** What happens to a request. */
  enum Mode {
    /** It is carried out and answered. */
    WORKING,
    /** It is carried out; its answer never arrives. */
    LOSING_ANSWERS,
    /** It never arrives. */
    CUT,
    /** It is carried out twice; the second answer arrives. */
    ECHOING
  }

  private final List<Grant> grants = new CopyOnWriteArrayList<>();
  private final List<Contender> releases = new CopyOnWriteArrayList<>();
  private volatile Mode mode = Mode.WORKING;
  private volatile Hook beforeAnswer = () -> {};
  private volatile Hook beforeRelease = () -> {};

  FaultyStore(LeaseStore inner) {
    super(inner);
  }

  /** What a test does in the middle of a request, in the thread that made it. */
  @FunctionalInterface
  interface Hook {
    void run() throws InterruptedException;
  }

  FaultyStore set(Mode changed) {
    mode = changed;
    return this;
  }

  /** Sets what happens after grants and extensions were carried out, before they are answered. */
  void beforeAnswer(Hook changed) {
    beforeAnswer = changed;
  }

  /** Sets what happens when a release is asked for. */
  void beforeRelease(Hook changed) {
    beforeRelease = changed;
  }

  /** Returns every grant that was carried out, extensions included, whether or not answered. */
  List<Grant> grants() {
    return List.copyOf(grants);
  }

  /** Returns whose releases were asked for. */
  List<Contender> releases() {
    return List.copyOf(releases);
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return over(() -> noted(super.grant(contender, term, deadline)));
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return over(() -> noted(super.extend(fence, term, deadline)));
  }

  private Answer<Grant> noted(Answer<Grant> answer) throws InterruptedException {
    if (answer instanceof Answer.Done<Grant> done) {
      grants.add(done.value());
    }
    beforeAnswer.run();
    return answer;
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    releases.add(contender);
    beforeRelease.run();
    return over(() -> super.release(contender, deadline));
  }

  private <V> Answer<V> over(Request<V> request) throws InterruptedException {
    Mode now = mode;
    if (now == Mode.CUT) {
      return lost();
    }
    Answer<V> answer = request.call();
    if (now == Mode.ECHOING) {
      answer = request.call();
    }
    return now == Mode.LOSING_ANSWERS ? lost() : answer;
  }

  private static <V> Answer<V> lost() {
    return new Answer.Unknown<>(
        new BackendException("lease: no answer", Effect.UNKNOWN, new Advice.Transient(), null));
  }

  @FunctionalInterface
  private interface Request<V> extends Callable<Answer<V>> {
    @Override
    Answer<V> call() throws InterruptedException;
  }
}
