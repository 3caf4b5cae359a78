package dev.ashlar.examples.evidence;

import java.util.List;
import java.util.Optional;

/**
 * Something that must be proved to have the properties of its kinds.
 *
 * @param subject the name that its tests give it
 * @param kinds whose properties it must have
 * @param engine whether its tests need a real server, which a quick build leaves out
 */
record ExpectedSubject(String subject, List<String> kinds, Optional<Boolean> engine) {

  boolean isOneOf(List<String> others) {
    return kinds.stream().anyMatch(others::contains);
  }

  boolean isDemandedIn(Mode mode) {
    return switch (mode) {
      case FULL -> true;
      case QUICK -> !engine.orElse(false);
      case CONTAINERS -> false;
    };
  }
}
