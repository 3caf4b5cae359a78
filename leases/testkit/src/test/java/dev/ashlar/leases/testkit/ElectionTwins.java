package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
import java.time.Duration;
import java.util.Optional;

/** Electors with a mistake. */
final class ElectionTwins {

  private ElectionTwins() {}

  /** The contract over the healthy elector, seen through a mistake. */
  abstract static class ElectionTwin extends MemoryElectionTest {
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  /** A listener that hands everything on. */
  static class ForwardingListener implements TermListener {
    private final TermListener inner;

    ForwardingListener(TermListener inner) {
      this.inner = inner;
    }

    @Override
    public void elected(Term term) throws Exception {
      inner.elected(term);
    }

    @Override
    public void ended(Term term, EndCause cause) throws Exception {
      inner.ended(term, cause);
    }
  }

  /** Has a thread for each event. */
  static class NotifiesFromManyThreadsTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        @Override
        public void listen(TermListener listener) {
          super.listen(
              new ForwardingListener(listener) {
                @Override
                public void elected(Term term) {
                  Background<Boolean> unused = Background.start("elected", () -> tell(term));
                }

                private boolean tell(Term term) throws Exception {
                  super.elected(term);
                  return true;
                }
              });
        }
      };
    }
  }

  /** Keeps the number that it was elected with first. */
  static class KeepsItsNumberTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        private volatile Optional<FencingToken> first = Optional.empty();

        @Override
        public Optional<Term> currentTerm() {
          return super.currentTerm()
              .map(
                  term -> {
                    first = first.or(() -> Optional.of(term.token()));
                    return new Term(numbered(term.lease(), first.orElseThrow()));
                  });
        }
      };
    }

    private static Lease numbered(Lease lease, FencingToken token) {
      return new ForwardingLease(lease) {
        @Override
        public FencingToken token() {
          return token;
        }
      };
    }
  }

  /** Leads from one event to the other. */
  static class TrustsTheLastEventTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        private volatile Optional<Term> last = Optional.empty();

        @Override
        public void listen(TermListener listener) {
          super.listen(
              new ForwardingListener(listener) {
                @Override
                public void elected(Term term) throws Exception {
                  last = Optional.of(term);
                  super.elected(term);
                }

                @Override
                public void ended(Term term, EndCause cause) throws Exception {
                  last = Optional.empty();
                  super.ended(term, cause);
                }
              });
        }

        @Override
        public Optional<Term> currentTerm() {
          return last;
        }
      };
    }
  }

  /** Is over with its first loss. */
  static class NeverStandsAgainTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        @Override
        public void listen(TermListener listener) {
          super.listen(
              new ForwardingListener(listener) {
                @Override
                public void ended(Term term, EndCause cause) throws Exception {
                  super.ended(term, cause);
                  if (cause == EndCause.LOST) {
                    elector.close();
                  }
                }
              });
        }
      };
    }
  }

  /** Takes whoever closes for somebody who knows. */
  static class ForgetsTheEndOnCloseTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        @Override
        public void listen(TermListener listener) {
          super.listen(
              new ForwardingListener(listener) {
                @Override
                public void ended(Term term, EndCause cause) throws Exception {
                  if (cause != EndCause.CLOSED) {
                    super.ended(term, cause);
                  }
                }
              });
        }
      };
    }
  }

  /** Tells the store first, and its listeners then. */
  static class GivesBackFirstTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        @Override
        public void listen(TermListener listener) {
          super.listen(
              new ForwardingListener(listener) {
                @Override
                public void ended(Term term, EndCause cause) throws Exception {
                  line.release(term.fence().holder(), Deadline.after(Duration.ofHours(1), time()));
                  super.ended(term, cause);
                }
              });
        }
      };
    }
  }

  /** Stands again at once, and is often the first. */
  static class DoesNotCoolDownTwin extends ElectionTwin {
    @Override
    Candidate candidate(Elector elector, FaultyStore line) {
      return new ForwardingCandidate(Candidate.of(elector)) {
        @Override
        public void resign(Duration coolDown) {
          super.resign(Duration.ZERO);
        }
      };
    }
  }

  /** A candidate that hands everything on. */
  abstract static class ForwardingCandidate implements Candidate {
    private final Candidate inner;

    ForwardingCandidate(Candidate inner) {
      this.inner = inner;
    }

    @Override
    public void listen(TermListener listener) {
      inner.listen(listener);
    }

    @Override
    public void start() {
      inner.start();
    }

    @Override
    public Optional<Term> currentTerm() {
      return inner.currentTerm();
    }

    @Override
    public void resign(Duration coolDown) {
      inner.resign(coolDown);
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
