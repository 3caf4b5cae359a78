package dev.ashlar.examples.house.samples.core;

/** Stands in core, so it may. */
public final class HoldsAThreadLocal {
  public static final ThreadLocal<String> CURRENT = new ThreadLocal<>();
}
