package dev.ashlar.examples.shop.settle;

import java.sql.SQLException;

/** One instance of the job: settles what is not settled, while it is its turn. */
@FunctionalInterface
interface Instance {

  /** Works, until nothing is left to do. */
  void run() throws InterruptedException, SQLException;

  /** Is told each piece of work between reading it and writing it. */
  @FunctionalInterface
  interface Steps {

    /** May take its time. */
    void read() throws InterruptedException;
  }
}
