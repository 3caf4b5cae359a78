package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.world.Simulation;
import java.util.Optional;
import java.util.Set;

/** What holds in simulated worlds: whole, unless a twin takes something away. */
abstract class Simulated extends Contract {

  /** Returns the defence that is taken away; overridden by twins only. */
  protected Optional<Defence> taken() {
    return Optional.empty();
  }

  final Form form() {
    return taken().map(Form::without).orElse(Form.WHOLE);
  }

  private Runs runs() {
    return taken().<Runs>map(Runs.Without::new).orElse(Runs.FRESH);
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  final void check(String what, Simulation<?> simulation) throws Exception {
    runs().check(what, simulation);
  }

  final void checkEach(String what, Runs.OneSeed test) throws Exception {
    runs().checkEach(what, test);
  }
}
