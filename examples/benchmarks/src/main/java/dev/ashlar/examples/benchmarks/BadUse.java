package dev.ashlar.examples.benchmarks;

/** A command line that means nothing; the message says which word and what was expected. */
public final class BadUse extends Exception {

  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public BadUse(String message) {
    super(message);
  }
}
