package dev.ashlar.core.review;

import static org.assertj.core.api.Assertions.assertThat;

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
    List<Target> targets = new ArrayList<>();
    for (Class<?> names : List.of(Ashlar.class, Jdk.class)) {
      for (Field field : names.getDeclaredFields()) {
        field.setAccessible(true);
        if (field.get(null) instanceof Target target) {
          targets.add(target);
        } else if (field.get(null) instanceof Target[] several) {
          targets.addAll(List.of(several));
        }
      }
    }

    assertThat(targets).hasSizeGreaterThan(40);
    for (Target target : targets) {
      assertThat(membersOf(Class.forName(target.owner())))
          .as(target.owner())
          .containsAll(ofThisJdk(target));
    }
  }

  @Test
  void everyTypeThatARuleLooksForExists() throws Exception {
    for (String type :
        List.of(
            Ashlar.CALL,
            Ashlar.CALL_CONTEXT,
            Ashlar.OUTCOME,
            Ashlar.SEND_RESULT,
            Ashlar.LOG_APPEND_RESULT,
            Ashlar.LOG_TICKET,
            Ashlar.STORE_APPEND_RESULT)) {
      assertThat(Class.forName(type).getName()).isEqualTo(type);
    }
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
