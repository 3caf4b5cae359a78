package dev.ashlar.messaging.journal;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Empties the oldest segment of a journal whose records end one by one, as those of a queue do:
 * what still matters is appended again, then the segment is forgotten.
 *
 * <p><b>Guarantees.</b> A record that matters is in the journal at every moment: its copy is
 * acknowledged before the segment goes.
 *
 * <p><b>Not guaranteed.</b> That it is there once only: after a crash in between, record and copy
 * are both read. Whoever reads them must know them by something of their own, not by their number.
 *
 * <p><b>Failures.</b> As those of {@link Journal#append} and {@link Ticket#await}; what was moved
 * stays moved, and another call goes on with the rest.
 *
 * <p><b>Threads.</b> One at a time for one journal; appends and readers go on meanwhile.
 *
 * <p><b>Limits.</b> The live records of one batch are held in memory.
 */
public final class CopyForward {

  private CopyForward() {}

  /**
   * Knows which records still matter. It is called by the thread that moves them, and holds none of
   * the journal's locks meanwhile.
   */
  public interface Keeper {

    /** Whether a record must be kept. */
    boolean isLive(long number);

    /**
     * What is appended for a record that must be kept: the same bytes, unless this says otherwise.
     *
     * @param array the reader's own, to be read during this call only
     */
    default Payload copy(long number, byte[] array, int offset, int length) {
      return Payload.of(Bytes.owning(Arrays.copyOfRange(array, offset, offset + length)));
    }

    /** A record that had one number is acknowledged under another, by which it is asked for now. */
    void moved(long from, long to);
  }

  private record Move(long from, Ticket ticket) {}

  /**
   * Empties and forgets the oldest segment, if there is one that is no longer written to.
   *
   * <p>A record that dies between the question and its move is moved all the same; that it is dead
   * is then known under the old number only, so {@code moved} has to look.
   *
   * @return whether there was one and the work was done in time; what was moved stays moved
   */
  public static boolean oldest(Journal journal, Keeper keeper, Deadline deadline)
      throws InterruptedException {
    OptionalLong end = journal.endOfOldest();
    if (end.isEmpty()) {
      return false;
    }
    try (JournalReader reader = journal.reader(journal.first())) {
      while (reader.position() < end.getAsLong()) {
        if (!moveBatch(journal, reader, keeper, deadline)) {
          return false;
        }
      }
    }
    journal.forgetBefore(end.getAsLong());
    return true;
  }

  /** One batch at a time, so that what is held in memory is bounded by a batch. */
  private static boolean moveBatch(
      Journal journal, JournalReader reader, Keeper keeper, Deadline deadline)
      throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    List<Payload> copies = new ArrayList<>();
    reader.read(
        (number, array, offset, length) -> {
          if (keeper.isLive(number)) {
            numbers.add(number);
            copies.add(keeper.copy(number, array, offset, length));
          }
        });
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < copies.size(); i++) {
      moves.add(new Move(numbers.get(i), journal.append(copies.get(i), deadline)));
    }
    for (Move move : moves) {
      if (!move.ticket.await(deadline)) {
        return false;
      }
      keeper.moved(move.from, move.ticket.first());
    }
    return true;
  }
}
