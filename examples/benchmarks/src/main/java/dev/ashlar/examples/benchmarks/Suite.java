package dev.ashlar.examples.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * One comparison: who is measured, doing what. The harness asks for the peers and workloads in its
 * own process and calls the other two methods in a child's, which is halted afterwards: nothing
 * that a peer leaves undone counts, and nothing that it does at its end.
 */
public interface Suite {

  /** Returns the first word of the command line. */
  String name();

  /**
   * Returns what {@code --peers} may name; the first is the yardstick unless another is asked for.
   */
  List<Peer> peers();

  /** Returns the options of this suite with what they are when not given. */
  Map<String, String> defaults();

  /** Returns whether {@code --all} means this one too. */
  default boolean partOfAll() {
    return true;
  }

  /** Returns which options are others with {@code --short}, whose figures still mean something. */
  default Map<String, String> shorter() {
    return Map.of();
  }

  /** Returns what is to be reached; goals of what was not measured are left out of the report. */
  default List<Goal> goals() {
    return List.of();
  }

  /** Returns whether a peer does what is measured; if not, the tables have a gap. */
  default boolean takesPart(Peer peer, Workload workload, Settings settings) {
    return true;
  }

  /**
   * Returns whether a peer has a row in the table of a workload at all. The first one that has is
   * that table's yardstick.
   */
  default boolean belongs(Peer peer, Workload workload) {
    return true;
  }

  /** Returns the columns, in order; one that stands first is run first in each repetition. */
  List<Workload> workloads(Settings settings) throws BadUse;

  /** Fills the folder of a prepared workload. The process is halted when this returns. */
  void prepare(Cell cell) throws Exception;

  /** Measures once. */
  Figures measure(Cell cell) throws Exception;
}
