package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogGuarantees.Promise;
import dev.ashlar.messaging.log.LogOptions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A log that is better than it says is found out, and one that says the truth is not. */
class DeniedPromisesTest {

  private final Map<String, String> reported = new HashMap<>();

  private void report(Set<Promise> made, boolean hooks) throws Exception {
    Claiming contract = new Claiming(made, hooks);
    contract.deniedPromisesThatHoldAreReported(reported::putAll);
    contract.letGo();
  }

  @Test
  void aDeniedPromiseThatHoldsIsAWarning() throws Exception {
    report(EnumSet.complementOf(EnumSet.of(Promise.SNAPSHOT)), true);

    assertThat(reported)
        .containsExactly(Map.entry("ashlar.warning", "denied, and holds all the same: snapshot"));
  }

  @Test
  void aDeniedPromiseThatDoesNotHoldIsNone() throws Exception {
    report(EnumSet.complementOf(EnumSet.of(Promise.TRANSACTIONS)), false);

    assertThat(reported).isEmpty();
  }

  @Test
  void whatIsPromisedIsNotReported() throws Exception {
    report(EnumSet.allOf(Promise.class), true);

    assertThat(reported).isEmpty();
  }

  private static final class Claiming extends MemoryEventLogTest {
    private final Set<Promise> made;
    private final boolean hooks;

    Claiming(Set<Promise> made, boolean hooks) {
      this.made = made;
      this.hooks = hooks;
    }

    @Override
    protected OpenAppends begin(EventLog log) {
      if (hooks) {
        return super.begin(log);
      }
      throw new UnsupportedOperationException("begin: not given by the subject");
    }

    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) {
      return new ChangedLog(super.open(name, options, observer)) {
        @Override
        public LogGuarantees guarantees() {
          LogGuarantees real = super.guarantees();
          return new LogGuarantees(made, real.confirmed(), real.horizon());
        }
      };
    }
  }
}
