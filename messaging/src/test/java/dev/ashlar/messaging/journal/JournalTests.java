package dev.ashlar.messaging.journal;

/** What tests of the engines need of a journal and nobody else does. */
public final class JournalTests {

  private JournalTests() {}

  /** Lets a journal go without writing or sealing, as the death of its process does. */
  public static void abandon(Journal journal) {
    journal.abandon();
  }
}
