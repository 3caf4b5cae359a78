package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.sourcing.AppendResult;

/** The words in which a store says that it has not stored, or does not know. */
record StoreRefusals(String name) {

  BackendException late(Effect effect) {
    return new BackendException(
        "store " + name + ": no answer within the deadline", effect, new Advice.Transient(), null);
  }

  /** Streams never shrink, so waiting cannot make room. */
  AppendResult.Refused full(long capacity) {
    return forGood("store " + name + ": full", "at most " + capacity);
  }

  static AppendResult.Refused forGood(String what, String expected) {
    return new AppendResult.Refused(new Advice.Permanent(), what + " (expected: " + expected + ")");
  }

  static AppendResult failed(BackendException e) {
    return e.effect() == Effect.NONE
        ? new AppendResult.Refused(e.advice(), String.valueOf(e.getMessage()))
        : new AppendResult.Unknown(e);
  }
}
