package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.disk.DiskEventStore;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StreamName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores on disk without one of the defences of their own: they behave until their process dies,
 * and what the next one finds is not what was answered.
 */
final class DiskStoreTwins {

  private DiskStoreTwins() {}

  /** The contract over a store on disk that is broken on purpose. */
  abstract static class DiskStoreTwin extends DiskStoreTest {

    /** What never comes is waited for in vain here, so not for long. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  /** Remembers how the files were before the last append that was answered. */
  private abstract static class AtImagesTwin extends DiskStoreTwin {
    private Optional<Path> older = Optional.empty();

    /** Returns the files without the last append that was answered, if there was one. */
    final Path without(Path used) throws IOException {
      Path left = older.isPresent() ? older.get() : image(used);
      older = Optional.empty();
      return left;
    }

    @Override
    EventStore opened(DiskEventStore store, Path folder, boolean afterCrash) throws IOException {
      return new ForwardingEventStore(store) {
        @Override
        public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
          Path before = imageNow(folder);
          AppendResult result = super.append(append, deadline);
          if (result instanceof AppendResult.Appended) {
            older = Optional.of(before);
          }
          return result;
        }
      };
    }

    private Path imageNow(Path folder) {
      try {
        return image(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Answers an append whose record no disk has. */
  static class AnswersBeforeItWritesTwin extends AtImagesTwin {
    @Override
    Path left(Path used) throws IOException {
      return without(used);
    }
  }

  /** Begins, after a crash, at a root that was taken before the last record, and reads from it. */
  static class ReadsAnOlderRootAtOpeningTwin extends AtImagesTwin {
    private Optional<Path> root = Optional.empty();

    @Override
    Path left(Path used) throws IOException {
      root = Optional.of(without(used));
      return super.left(used);
    }

    @Override
    EventStore opened(DiskEventStore store, Path folder, boolean afterCrash) throws IOException {
      if (!afterCrash || root.isEmpty()) {
        return super.opened(store, folder, afterCrash);
      }
      DiskEventStore old = opened(store.name(), store.options(), root.get(), Observer.none());
      return new ForwardingEventStore(store) {
        @Override
        public Slice read(StreamName stream, long after, int most, Deadline deadline)
            throws InterruptedException {
          return old.read(stream, after, most, deadline);
        }

        @Override
        public void close() {
          old.close();
          super.close();
        }
      };
    }
  }

  /** Takes what a crash left of an append, its first event, for the whole of it. */
  static class TakesTornAppendsTwin extends DiskStoreTwin {
    private Optional<Append> underway = Optional.empty();

    @Override
    EventStore opened(DiskEventStore store, Path folder, boolean afterCrash) throws IOException {
      if (afterCrash && underway.isPresent()) {
        Append torn = underway.get();
        Append first = new Append(torn.stream(), torn.expected(), torn.events().subList(0, 1));
        try {
          store.append(first, Deadline.after(Duration.ofMinutes(1), time()));
        } catch (InterruptedException e) {
          throw new IllegalStateException("interrupted", e);
        }
      }
      return new ForwardingEventStore(store) {
        @Override
        public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
          underway = Optional.of(append);
          AppendResult result = super.append(append, deadline);
          underway = Optional.empty();
          return result;
        }
      };
    }
  }

  /** Does not know, after a crash, the ids of what was appended before it. */
  static class ForgetsIdsAtOpeningTwin extends DiskStoreTwin {
    @Override
    EventStore opened(DiskEventStore store, Path folder, boolean afterCrash) {
      return afterCrash
          ? new AppendTwins.ForgetsItsAppendsTwin().broken(store, Observer.none())
          : store;
    }
  }
}
