package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;

/** The way round the guard, with the reason for it. */
record UnfencedWriter<T>(String resource, String reason, Observer observer)
    implements ResourceWriter<T> {

  private static final int REASON_MAX = 200;

  UnfencedWriter {
    ResourceName.check(resource);
    requireNonNull(observer, "observer");
    boolean printable = reason.chars().noneMatch(Character::isISOControl);
    if (reason.isBlank() || reason.length() > REASON_MAX || !printable) {
      throw new IllegalArgumentException(
          "reason: "
              + reason.length()
              + " characters (expected: 1 to "
              + REASON_MAX
              + ", printable and not blank)");
    }
  }

  @Override
  public <R, X extends Exception> Fenced<R> write(T tx, Work<R, X> work) throws X {
    observer.count("guard.unfenced", 1);
    return new Fenced.Accepted<>(work.run());
  }

  @Override
  public String toString() {
    return "unfenced " + resource + ": " + reason;
  }
}
