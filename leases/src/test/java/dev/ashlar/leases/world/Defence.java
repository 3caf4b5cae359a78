package dev.ashlar.leases.world;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What the protocol does against what can go wrong. Each can be switched off. */
enum Defence {
  /** The resource looks at the number of who writes. */
  FENCE(500),
  /** A holder claims before it reads; without, the floor moves with its first write. */
  CLAIM(1000),
  /** The holder's time counts from before its request; without, from the answer. */
  COUNTS_FROM_SENDING(1000),
  /** The holder stops before the store may; without, at the end of the term by its own clock. */
  STOPS_EARLIER(500),
  /** The holder's time is of the elapsed clock; without, of the wall clock. */
  ELAPSED_CLOCK(1000),
  /** Each grant has a number of its own; without, an owner that comes again gets its last one. */
  NEW_NUMBER(500),
  /** A release ends the grant of its contender; without, whatever grant the name has. */
  RELEASE_BY_NONCE(500),
  /**
   * Silence is answered by asking again with the same nonce; without, with another one, and a grant
   * of the own owner is taken for the own.
   */
  RETRY_WITH_NONCE(500),
  /** The floor is as durable as the data; without, it is gone after a crash. */
  DURABLE_FLOOR(500),
  /** The holder stops by its own clock; without, when an answer says so. */
  OWN_DEADLINE(500),
  /** A grant ends with its term; without, with its release only. */
  TERM_ENDS(500),
  /** Who was rejected is told until it has heard; without, once. */
  TELLS_UNTIL_HEARD(1000),

  // Of an election.

  /** Whether a node leads is read from the clock; without, from what its listener heard last. */
  TERM_BY_CLOCK(500),
  /** What a listener has not heard the end of is not over; without, nobody waits for it. */
  WAITS_FOR_LISTENERS(500),

  // Options, which are off unless a world says otherwise.

  /** A holder whose process or machine stood still asks before it goes on. */
  PAUSE_WATCH(500),
  /** After a holder that went without a word nobody has the lease for a while. */
  LOCK_DELAY(500),
  /** Work that does not progress loses the lease. */
  STALL_LIMIT(500);

  /** What is off unless a world says otherwise. */
  static final Set<Defence> OPTIONS =
      Collections.unmodifiableSet(EnumSet.of(PAUSE_WATCH, LOCK_DELAY, STALL_LIMIT));

  private final int foundWithin;

  Defence(int foundWithin) {
    this.foundWithin = foundWithin;
  }

  /** Returns within how many seeds, from 1 on, its absence shows: at least five times the first. */
  int foundWithin() {
    return foundWithin;
  }
}
