package dev.ashlar.leases.detect;

import java.util.Comparator;
import java.util.List;

/**
 * Who was up in a group, as one process saw it.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param number counts the views of this process; those of two processes cannot be compared
 * @param up those that seem to be up, this process among them, by id
 */
public record Members(long number, List<Member> up) {

  /** Copies and sorts. */
  public Members {
    up = up.stream().sorted(Comparator.comparing(Member::id)).toList();
  }

  /** Returns whether a member seems to be up. */
  public boolean contains(String id) {
    return up.stream().anyMatch(member -> member.id().equals(id));
  }
}
