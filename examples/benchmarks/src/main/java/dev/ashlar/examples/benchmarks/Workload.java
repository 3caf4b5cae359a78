package dev.ashlar.examples.benchmarks;

/**
 * What is measured: a column of the tables.
 *
 * @param id names it to the child process, and may carry its own numbers
 * @param title in the tables
 * @param table the tables of one name are one table
 * @param unit of the first figure
 * @param prepared whether the folder is filled once per peer, and each repetition goes on with it
 */
public record Workload(String id, String title, String table, String unit, boolean prepared) {}
