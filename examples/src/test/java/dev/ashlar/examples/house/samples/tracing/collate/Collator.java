package dev.ashlar.examples.house.samples.tracing.collate;

/** Not the program, but beside it. */
public final class Collator {
  private Collator() {}

  public static void say() {
    System.out.println("x");
  }
}
