package dev.ashlar.tracing.collate;

/**
 * What became of the lines that were read.
 *
 * @param lines all of them, empty ones apart
 * @param selected those in the timeline
 * @param duplicates further copies of those
 * @param others those of other correlation ids, or without one
 * @param unreadable those that are no JSON object: cut off, or not JSON at all
 * @param tooLong those of more than 1 MiB, which are not looked into
 */
public record Counts(
    long lines, long selected, long duplicates, long others, long unreadable, long tooLong) {}
