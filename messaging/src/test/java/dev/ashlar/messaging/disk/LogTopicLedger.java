package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/*
 * A member reads a partition from behind what is committed, and commits as far as everything is
 * settled without a gap. So while a partition is in one hand, the ledger can tell where the commit is:
 *
 *     settled   settled   settled | handed out   settled   settled   not read
 *                                 ^              `--------+--------'
 *                      committed, never again     comes again if its member dies now,
 *                                                 and is at most a window
 *
 * What a member gets first of a partition shows where the last one had got. That lies behind all that
 * the ledger knows as committed, and between the two there is nothing that nobody tried to settle: a
 * settlement that was under way when its process died may have been written or not.
 *
 * All of a subscription in one partition comes from one member at a time, which tells what it does
 * itself before it gives the partition away. So the lines about it are in the order of what happened.
 */
/** What one who outlives the users of a topic over a log was told by them, in order. */
final class LogTopicLedger {

  private final int window;
  private final List<String> told = new ArrayList<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, Set<String>> got = new HashMap<>();
  private final Map<String, String> latest = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> members = new HashSet<>();

  LogTopicLedger(int window) {
    this.window = window;
  }

  /** Where a message is in the log. */
  private record Place(String partition, int index, String key) {}

  /** One partition as a subscription sees it. */
  private static final class Lane {
    private final Set<Integer> tried = new HashSet<>();
    private final Set<Integer> behind = new HashSet<>();

    /** Handed out, and neither settled nor set aside: the keys. */
    private final TreeMap<Integer, String> open = new TreeMap<>();

    private String owner = "";
    private int committed = -1;
  }

  /** A life begins; those of before are over. */
  void begin() {
    tell("B");
  }

  /**
   * Notes a line: "P id" for accepted, "G subscription member id" for handed out, "T" for about to
   * be settled as done, "D" for settled as done, "L" for about to become a dead letter; "S" says
   * nothing, and what is none of these failed.
   */
  void tell(String line) {
    told.add(line);
  }

  int accepted() {
    return accepted.size();
  }

  /** Returns who was ever handed something, as "subscription member". */
  Set<String> members() {
    return Set.copyOf(members);
  }

  /**
   * Goes through all lines again.
   *
   * @param log the ids in each partition, in the order of the log
   */
  void check(Map<String, List<String>> log, Set<String> names, String note) {
    log.forEach(
        (partition, ids) -> {
          for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            places.put(id, new Place(partition, i, id.substring(0, id.indexOf('-'))));
          }
        });
    for (int i = 0; i < told.size(); i++) {
      take(told.get(i).split(" ", -1), "line " + i + ", " + told.get(i) + ", " + note);
    }
    assertThat(places.keySet()).as("accepted is kept, %s", note).containsAll(accepted);
    for (String name : names) {
      assertThat(got.get(name)).as("comes to %s, %s", name, note).containsAll(accepted);
      places.forEach(
          (id, place) ->
              assertThat(lane(name, place).tried)
                  .as("%s is settled by %s in the end, %s", id, name, note)
                  .contains(place.index));
    }
  }

  private void take(String[] parts, String note) {
    switch (parts[0]) {
      case "P" -> accepted.add(parts[1]);
      case "B" -> lanes.values().forEach(lane -> lane.owner = "");
      case "S" -> {}
      case "G" -> handedOut(parts[1], parts[2], parts[3], note);
      case "T" -> lane(parts[1], place(parts[3], note)).tried.add(place(parts[3], note).index);
      case "L" -> lane(parts[1], place(parts[3], note)).open.remove(place(parts[3], note).index);
      case "D" -> settled(lane(parts[1], place(parts[3], note)), parts, note);
      default -> throw new AssertionError(note);
    }
  }

  private Place place(String id, String note) {
    assertThat(places).as("is in the log, %s", note).containsKey(id);
    return places.getOrDefault(id, new Place("", -1, ""));
  }

  private Lane lane(String name, Place place) {
    return lanes.computeIfAbsent(name + " " + place.partition, key -> new Lane());
  }

  private void handedOut(String name, String member, String id, String note) {
    Place place = place(id, note);
    Lane lane = lane(name, place);
    assertThat(place.index).as("committed comes again, %s", note).isGreaterThan(lane.committed);
    if (lane.owner.equals(member)) {
      assertThat(lane.behind).as("settled comes again, %s", note).doesNotContain(place.index);
    } else {
      takeOver(lane, member, place.index, note);
    }
    assertThat(place.index - lane.committed)
        .as("what a death repeats, %s", note)
        .isLessThanOrEqualTo(window);
    assertThat(lane.open.headMap(place.index).values())
        .as("passes its key, %s", note)
        .doesNotContain(place.key);
    lane.open.put(place.index, place.key);
    members.add(name + " " + member);
    if (got.computeIfAbsent(name, key -> new HashSet<>()).add(id)) {
      inOrder(name, id, note);
    }
  }

  private static void takeOver(Lane lane, String member, int first, String note) {
    for (int i = lane.committed + 1; i < first; i++) {
      assertThat(lane.tried).as("not settled and does not come again, %s", note).contains(i);
    }
    lane.owner = member;
    lane.committed = first - 1;
    lane.behind.clear();
    lane.open.clear();
  }

  /** Ids are made of a key, a thread, and what grows from one message of the thread to the next. */
  private void inOrder(String name, String id, String note) {
    String[] parts = id.split("-", -1);
    String before = latest.put(name + " " + parts[0] + " " + parts[1], id);
    if (before != null) {
      assertThat(id).as("first arrivals of a key, %s", note).isGreaterThan(before);
    }
  }

  private void settled(Lane lane, String[] parts, String note) {
    assertThat(lane.owner).as("settles what it owns, %s", note).isEqualTo(parts[2]);
    lane.behind.add(place(parts[3], note).index);
    lane.open.remove(place(parts[3], note).index);
    while (lane.behind.remove(lane.committed + 1)) {
      lane.committed++;
    }
  }
}
