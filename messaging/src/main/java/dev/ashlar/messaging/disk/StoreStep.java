package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.disk.StoreFlights.Flight;
import dev.ashlar.messaging.sourcing.AppendResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one look at the store under the lock came to. */
sealed interface StoreStep {

  /** A record has to be read first. */
  record Read(long number) implements StoreStep {}

  /** What is on its way has to be answered first. */
  record Wait(Flight flight) implements StoreStep {}

  /** The journal has failed, and where the store stands has to be found out. */
  record Resume() implements StoreStep {}

  /** Nothing is to be stored, if what that was seen in is acknowledged. */
  record Answer(long end, List<Long> standing, @Nullable Flight upon) implements StoreStep {}

  /** It is refused, whatever becomes of the others. */
  record Refuse(AppendResult.Refused refusal) implements StoreStep {}

  /** The journal has it. */
  record Taken(Flight flight, long end) implements StoreStep {}
}
