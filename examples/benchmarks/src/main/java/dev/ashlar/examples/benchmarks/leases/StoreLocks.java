package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** A lease store alone: nothing is kept, so what is left of the difference is the keeping. */
final class StoreLocks implements Locks {

  private static final Duration TERM = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final LeaseStore store;
  private final Closeable end;
  private final IdSource ids = IdSource.system();

  StoreLocks(LeaseStore store, Closeable end) {
    this.store = store;
    this.end = end;
  }

  @Override
  public Hold acquire(String name, Deadline deadline) throws InterruptedException {
    Contender contender = Contender.of(new LeaseName(name), "benchmark", ids);
    Answer<Grant> answer = store.grant(contender, TERM, deadline);
    while (answer instanceof Answer.Refused<Grant> refused && !deadline.hasExpired()) {
      if (refused.current().isPresent()) {
        store.awaitChange(contender, deadline.shortenedTo(POLL));
      } else {
        contender = Contender.of(contender.lease(), contender.owner(), ids);
      }
      answer = store.grant(contender, TERM, deadline);
    }
    return new Held(done(answer).fence());
  }

  private static <V> V done(Answer<V> answer) {
    if (answer instanceof Answer.Done<V> done) {
      return done.value();
    }
    throw new IllegalStateException("answer: " + answer + " (expected: done)");
  }

  @Override
  public void close() throws IOException {
    end.close();
  }

  private final class Held implements Hold {
    private final Fence fence;

    Held(Fence fence) {
      this.fence = fence;
    }

    @Override
    public long token() {
      return fence.token().value();
    }

    @Override
    public boolean renew(Deadline deadline) throws InterruptedException {
      return done(store.extend(fence, TERM, deadline)).fence().equals(fence);
    }

    @Override
    public void release(Deadline deadline) throws InterruptedException {
      Contender released = done(store.release(fence.holder(), deadline));
      if (!released.equals(fence.holder())) {
        throw new IllegalStateException("released: " + released + " (expected: the holder)");
      }
    }
  }
}
