package dev.ashlar.tracing.collate;

import java.util.List;

/**
 * The lines of one correlation id, causes before effects, and the tree of the requests they belong
 * to.
 *
 * <p><b>Guarantees.</b> The text depends on the set of lines alone, not on where or in which order
 * they were read (TRACE-36). It is printable ASCII, whatever the lines hold.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class Timeline {

  private final String id;
  private final List<LogLine> lines;
  private final Counts counts;

  Timeline(String id, List<LogLine> lines, Counts counts) {
    this.id = id;
    this.lines = lines;
    this.counts = counts;
  }

  /** Returns what became of the lines that were read. */
  public Counts counts() {
    return counts;
  }

  /** Returns the timeline as text, each line of it ended by {@code \n}. */
  public String text() {
    RequestTree tree = new RequestTree(lines);
    return new TimelineText(id, tree, CausalOrder.of(lines, tree), counts).toString();
  }
}
