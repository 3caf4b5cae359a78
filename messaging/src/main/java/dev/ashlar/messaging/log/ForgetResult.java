package dev.ashlar.messaging.log;

/**
 * What became of forgetting a group.
 *
 * <p>That somebody still uses a group is what time or its members decide, so it is a value.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface ForgetResult {

  /** The group is not there, whether or not it was: who joins it next, begins as he says. */
  record Forgotten() implements ForgetResult {}

  /**
   * It has members that live, and nothing was changed.
   *
   * @param members how many
   */
  record InUse(int members) implements ForgetResult {}
}
