package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.world.Simulation;
import java.util.Set;

/** What holds in simulated worlds: whole, unless a twin takes something away. */
abstract class Simulated extends Contract {

  /** Returns which defences there are. */
  protected Form form() {
    return Form.WHOLE;
  }

  /** Returns how many runs are made. */
  protected Runs runs() {
    return Runs.FRESH;
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
