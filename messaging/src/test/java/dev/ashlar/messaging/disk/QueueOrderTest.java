package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever comes in whatever order and goes from wherever, the least is first. */
class QueueOrderTest {

  private static final int STEPS = 3000;

  private static QueueLive live(long seq, long due) {
    QueueLive live = new QueueLive(seq, 0, 0, 0, null);
    live.due = due;
    return live;
  }

  @Test
  void theLeastIsFirstAsInASortedSet() throws Exception {
    Seeds.check(
        50,
        (seed, random) -> {
          check(QueueOrder.By.NUMBER, random);
          check(QueueOrder.By.DUE, random);
        });
  }

  private static void check(QueueOrder.By by, RandomGenerator random) {
    Comparator<QueueLive> number = Comparator.comparingLong(live -> live.seq);
    Comparator<QueueLive> due = Comparator.comparingLong(live -> live.due);
    TreeSet<QueueLive> model =
        new TreeSet<>(by == QueueOrder.By.NUMBER ? number : due.thenComparing(number));
    QueueOrder order = new QueueOrder(by);
    List<QueueLive> out = new ArrayList<>();
    long last = 0;
    int outOfTurn = 1 + random.nextInt(20);
    for (int step = 0; step < STEPS; step++) {
      int what = random.nextInt(10);
      if (what < 5) {
        last += 1 + random.nextInt(3);
        add(order, model, live(last, last / 2));
      } else if (!out.isEmpty() && random.nextInt(outOfTurn) == 0) {
        add(order, model, out.remove(random.nextInt(out.size())));
      } else if (!model.isEmpty()) {
        QueueLive gone = random.nextInt(4) == 0 ? any(model, random) : order.first();
        model.remove(gone);
        order.remove(gone);
        order.remove(gone);
        out.add(gone);
      }
      assertThat(order.size()).isEqualTo(model.size());
      if (!model.isEmpty()) {
        assertThat(order.first()).isSameAs(model.first());
      }
    }
  }

  private static void add(QueueOrder order, Set<QueueLive> model, QueueLive live) {
    order.add(live);
    model.add(live);
  }

  private static QueueLive any(Set<QueueLive> model, RandomGenerator random) {
    return new ArrayList<>(model).get(random.nextInt(model.size()));
  }

  /** One that is never taken does not make the ring of the others grow for ever. */
  @Test
  void gapsCloseUp() {
    QueueOrder order = new QueueOrder(QueueOrder.By.NUMBER);
    QueueLive kept = live(0, 0);
    order.add(kept);
    for (int i = 1; i < 100_000; i++) {
      QueueLive passing = live(i, 0);
      order.add(passing);
      order.remove(passing);
    }
    assertThat(order.first()).isSameAs(kept);
    assertThat(order.size()).isEqualTo(1);
    assertThat(order.slots()).isLessThan(1000);
  }
}
