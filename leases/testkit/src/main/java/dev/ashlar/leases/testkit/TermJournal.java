package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Writes down what a listener hears, and then does what the test has it do. */
final class TermJournal implements TermListener {

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger overlaps = new AtomicInteger();
  private volatile Doing onElected = term -> {};
  private volatile Doing onEnded = term -> {};

  /** What a listener does in a call. */
  @FunctionalInterface
  interface Doing {
    void run(Term term) throws Exception;
  }

  private record Call(long number, Optional<EndCause> end, Thread thread) {}

  void onElected(Doing doing) {
    onElected = doing;
  }

  void onEnded(Doing doing) {
    onEnded = doing;
  }

  @Override
  public void elected(Term term) throws Exception {
    heard(new Call(term.number(), Optional.empty(), Thread.currentThread()), term, onElected);
  }

  @Override
  public void ended(Term term, EndCause cause) throws Exception {
    heard(new Call(term.number(), Optional.of(cause), Thread.currentThread()), term, onEnded);
  }

  private void heard(Call call, Term term, Doing doing) throws Exception {
    overlaps.addAndGet(inside.getAndIncrement());
    calls.add(call);
    try {
      doing.run(term);
    } finally {
      inside.decrementAndGet();
    }
  }

  /** Returns the numbers of the terms that it heard the beginning of. */
  List<Long> numbers() {
    return calls.stream().filter(call -> call.end().isEmpty()).map(Call::number).toList();
  }

  /** Returns the causes of the ends that it heard of. */
  List<EndCause> causes() {
    return calls.stream().flatMap(call -> call.end().stream()).toList();
  }

  /** Returns whether the last that it heard was the end of a term. */
  boolean hasEnded() {
    List<Call> now = List.copyOf(calls);
    return !now.isEmpty() && now.get(now.size() - 1).end().isPresent();
  }

  void assertAlternates() {
    List<Call> now = List.copyOf(calls);
    for (int i = 0; i < now.size(); i++) {
      assertThat(now.get(i).end().isPresent()).as("%s: an end at %s", now, i).isEqualTo(i % 2 == 1);
      if (i % 2 == 1) {
        assertThat(now.get(i).number()).as("%s", now).isEqualTo(now.get(i - 1).number());
      }
    }
    assertThat(overlaps).as("calls in other calls").hasValue(0);
    Set<Thread> threads = now.stream().map(Call::thread).collect(Collectors.toSet());
    assertThat(threads).as("threads").hasSize(1);
  }
}
