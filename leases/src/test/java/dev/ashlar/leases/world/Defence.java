package dev.ashlar.leases.world;

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
  TELLS_UNTIL_HEARD(1000);

  private final int foundWithin;

  Defence(int foundWithin) {
    this.foundWithin = foundWithin;
  }

  /** Returns within how many seeds, from 1 on, its absence shows: at least five times the first. */
  int foundWithin() {
    return foundWithin;
  }
}
