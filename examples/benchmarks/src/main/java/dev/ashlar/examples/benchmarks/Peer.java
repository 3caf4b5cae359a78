package dev.ashlar.examples.benchmarks;

/**
 * Who is measured: a row of the tables.
 *
 * @param name on the command line
 * @param title in the tables
 * @param promise what its answer is worth, so that only equals are compared
 */
public record Peer(String name, String title, String promise) {}
