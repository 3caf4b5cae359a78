package dev.ashlar.examples.house.samples.messaging;

public final class HoldsAThreadLocal {
  public static final ThreadLocal<String> CURRENT = new ThreadLocal<>();
}
