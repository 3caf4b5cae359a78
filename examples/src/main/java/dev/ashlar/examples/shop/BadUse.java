package dev.ashlar.examples.shop;

/** The shop was called in a way that it cannot follow; the message says what is wrong. */
final class BadUse extends Exception {

  private static final long serialVersionUID = 1L;

  BadUse(String message) {
    super(message);
  }
}
