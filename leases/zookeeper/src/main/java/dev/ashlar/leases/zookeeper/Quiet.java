package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.LeaseName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leases that nobody stood in line for when this process gave them back. Whoever asks next may be
 * right to assume that this is still so; the servers say in the same write if it is not.
 */
final class Quiet {

  /** A lease that is forgotten costs one look. */
  private static final int LEASES_MAX = 1_000;

  // Guarded by this.
  private final Map<LeaseName, View> views =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LeaseName, View> eldest) {
          return size() > LEASES_MAX;
        }
      };

  synchronized void note(LeaseName name, View view) {
    views.put(name, view);
  }

  /** Returns what to assume, once: if it is wrong, the next one looks. */
  synchronized Optional<View> take(LeaseName name) {
    @Nullable View view = views.remove(name);
    return Optional.ofNullable(view);
  }
}
