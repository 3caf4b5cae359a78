package dev.ashlar.examples.house.samples.tracing.collate;

/** The one program that a library has. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("x");
  }
}
