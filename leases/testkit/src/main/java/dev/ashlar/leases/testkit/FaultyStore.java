package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A store behind a line that a test cuts, slows down or makes echo, with a record of what went over
 * it.
 *
 * <p><b>Threads.</b> Safe.
 */
class FaultyStore extends ForwardingStore {

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
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile Mode mode = Mode.WORKING;
  private volatile Hook beforeAnswer = () -> {};
  private volatile Hook beforeRelease = () -> {};
  private volatile UnaryOperator<Answer<Grant>> changes = answer -> answer;
  private volatile boolean singly;
  private final Map<LeaseName, Hook> hanging = new ConcurrentHashMap<>();

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

  /** Sets what happens to extensions of one lease; those of others are answered meanwhile. */
  void hangs(LeaseName name, Hook hook) {
    hanging.put(name, hook);
  }

  /** Sets what becomes of the answers to extensions. */
  void changes(UnaryOperator<Answer<Grant>> changed) {
    changes = changed;
  }

  /** Takes extensions one by one only, whatever the store behind takes. */
  FaultyStore singly() {
    singly = true;
    return this;
  }

  /** Returns every grant that was carried out, extensions included, whether or not answered. */
  List<Grant> grants() {
    return List.copyOf(grants);
  }

  /** Returns how many grants and extensions were refused. */
  int refusals() {
    return refusals.get();
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
    Hook hook = hanging.get(fence.lease());
    if (hook != null) {
      hook.run();
    }
    return over(() -> changes.apply(noted(super.extend(fence, term, deadline))));
  }

  @Override
  public int extendMax() {
    return singly ? 1 : super.extendMax();
  }

  /**
   * One that hangs is unknown, as the contract of stores says; the others are asked for at once.
   */
  @Override
  public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
      throws InterruptedException {
    List<Fence> asked = new ArrayList<>(fences);
    asked.removeIf(fence -> hanging.containsKey(fence.lease()));
    Iterator<Answer<Grant>> answers =
        mode == Mode.CUT || asked.isEmpty()
            ? Collections.emptyIterator()
            : super.extendAll(asked, term, deadline).iterator();
    List<Answer<Grant>> all = new ArrayList<>();
    for (Fence fence : fences) {
      boolean answered = !hanging.containsKey(fence.lease()) && mode != Mode.CUT;
      all.add(answered && answers.hasNext() ? heard(answers.next()) : lost());
    }
    return all;
  }

  private Answer<Grant> heard(Answer<Grant> answer) throws InterruptedException {
    return over(() -> changes.apply(noted(answer)));
  }

  private Answer<Grant> noted(Answer<Grant> answer) throws InterruptedException {
    if (answer instanceof Answer.Done<Grant> done) {
      grants.add(done.value());
    } else if (answer instanceof Answer.Refused) {
      refusals.incrementAndGet();
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
