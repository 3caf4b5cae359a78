package dev.ashlar.leases.testkit;

import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
import java.time.Duration;
import java.util.Optional;

/** An elector, or a twin of one. */
interface Candidate extends AutoCloseable {

  void listen(TermListener listener);

  void start();

  Optional<Term> currentTerm();

  void resign(Duration coolDown);

  @Override
  void close();

  static Candidate of(Elector elector) {
    return new Candidate() {
      @Override
      public void listen(TermListener listener) {
        elector.listen(listener);
      }

      @Override
      public void start() {
        elector.start();
      }

      @Override
      public Optional<Term> currentTerm() {
        return elector.currentTerm();
      }

      @Override
      public void resign(Duration coolDown) {
        elector.resign(coolDown);
      }

      @Override
      public void close() {
        elector.close();
      }
    };
  }
}
