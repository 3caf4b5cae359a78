package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** What a failed request did, and whether another try is worth it, read from ZooKeeper's code. */
final class Failure {

  /** The server has looked at the request and said no; no other try changes that. */
  private static final Set<Code> REFUSED =
      EnumSet.of(
          Code.NOAUTH,
          Code.INVALIDACL,
          Code.AUTHFAILED,
          Code.BADARGUMENTS,
          Code.UNIMPLEMENTED,
          Code.QUOTAEXCEEDED,
          Code.NONODE,
          Code.NOCHILDRENFOREPHEMERALS);

  private Failure() {}

  /**
   * A request that failed.
   *
   * @param what was asked of whom
   * @param code how it ended; empty if it did not in time
   * @param mayHaveWritten whether it, or a request before it, may have changed something
   */
  static BackendException of(String what, Optional<Code> code, boolean mayHaveWritten) {
    return new BackendException(
        what + ": " + code.map(Code::name).orElse("no answer in time"),
        mayHaveWritten ? Effect.UNKNOWN : Effect.NONE,
        code.map(Failure::advice).orElse(new Advice.Transient()),
        code.filter(some -> some != Code.OK).map(KeeperException::create).orElse(null));
  }

  static boolean isRefusal(Code code) {
    return isFinal(code) || code == Code.THROTTLEDOP;
  }

  /** Whether no other try changes the answer. */
  static boolean isFinal(Code code) {
    return REFUSED.contains(code);
  }

  private static Advice advice(Code code) {
    if (code == Code.THROTTLEDOP) {
      return new Advice.Overloaded(Duration.ZERO);
    }
    return isFinal(code) ? new Advice.Permanent() : new Advice.Transient();
  }
}
