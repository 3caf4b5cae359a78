package dev.ashlar.core.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the rules know by name is there, so that renaming it breaks a test and not a rule. */
class NamesTest {

  @Test
  void everyMemberThatARuleLooksForExists() throws Exception {
    List<List<Target>> groups = new ArrayList<>();
    for (Class<?> names : List.of(Ashlar.class, Jdk.class)) {
      for (Field field : names.getDeclaredFields()) {
        field.setAccessible(true);
        if (field.get(null) instanceof Target target) {
          groups.add(List.of(target));
        } else if (field.get(null) instanceof Target[] several) {
          groups.add(List.of(several));
        }
      }
    }

    assertThat(groups).hasSizeGreaterThan(30);
    for (List<Target> group : groups) {
      Set<String> found = new TreeSet<>();
      Set<String> sought = new TreeSet<>();
      for (Target target : group) {
        found.addAll(membersOf(Class.forName(target.owner())));
        sought.addAll(ofThisJdk(target));
      }
      assertThat(found).as("one of %s", group).containsAll(sought);
    }
  }

  @Test
  void everyTypeThatARuleLooksForExists() throws Exception {
    List<String> types =
        new ArrayList<>(
            List.of(
                Ashlar.CALL,
                Ashlar.CALL_CONTEXT,
                Ashlar.OUTCOME,
                Ashlar.LOSS_CAUSE,
                Ashlar.LEASED_WORK,
                Ashlar.GUARDED_WORK));
    types.addAll(Ashlar.HELD);
    types.addAll(Ashlar.VERDICTS);
    for (String type : types) {
      assertThat(Class.forName(type).getName()).isEqualTo(type);
    }
    for (Class<?> type :
        List.of(
            SendResult.class,
            dev.ashlar.messaging.log.AppendResult.class,
            dev.ashlar.messaging.log.AppendResult.Ticket.class,
            dev.ashlar.messaging.sourcing.AppendResult.class,
            dev.ashlar.messaging.journal.Ticket.class)) {
      assertThat(type.getName()).matches(Ashlar.RESULTS);
    }
    assertThat(Settlement.class.getName()).doesNotMatch(Ashlar.RESULTS);
  }

  private static Set<String> ofThisJdk(Target target) {
    Set<String> members = new TreeSet<>(target.members());
    if (Runtime.version().feature() < 21) {
      // Virtual threads came with 21.
      members.removeIf(name -> name.contains("irtual") || name.contains("PerTask"));
    }
    return members;
  }

  private static Set<String> membersOf(Class<?> type) {
    Set<String> members = new TreeSet<>(List.of("<init>"));
    Stream.of(type.getMethods()).forEach(method -> members.add(method.getName()));
    Stream.of(type.getFields()).forEach(field -> members.add(field.getName()));
    return members;
  }
}
