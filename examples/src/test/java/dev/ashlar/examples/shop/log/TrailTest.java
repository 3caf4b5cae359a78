package dev.ashlar.examples.shop.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.examples.shop.fault.FaultFile;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.service.Service;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrailTest {

  private static CorrelationId id(String order, long number) {
    return Trail.ofOrder(new Order(order, "c", List.of(), 1), number);
  }

  @Test
  void anIdSaysTheOrderAndEndsWithItsNumber() {
    assertThat(id("order-17", 17).value()).isEqualTo("order-17");
    assertThat(id("order-117", 17).value()).isEqualTo("order-117.17");
    assertThat(id("order-017", 17).value()).isEqualTo("order-017.17");
    assertThat(id("A-x", 3).value()).isEqualTo("A-x.3");
    assertThat(id("7", 7).value()).isEqualTo("7");
    assertThat(id("a".repeat(40), Long.MAX_VALUE).value()).hasSize(60);

    assertThat(Trail.number(id("order-117", 17))).isEqualTo(17);
    assertThat(Trail.number(id("7", 7))).isEqualTo(7);
    assertThat(Trail.number(Trail.ofPage(20))).isEqualTo(20);
    assertThat(Trail.number(new CorrelationId("night"))).isZero();
    assertThat(Trail.number(new CorrelationId("9".repeat(64)))).isZero();
  }

  @Test
  void whatMeetsAFaultIsLoggedAndEachHundredthWhoeverAsks() {
    Sample sample =
        new Sample(
            FaultFile.parse(
                "x", "crash payment at sent every 7 most 2\nfail page-prices every 3 times 1"),
            target -> target instanceof Service);

    assertThat(List.of(1L, 3L, 7L, 14L, 21L, 100L, 101L, 200L))
        .filteredOn(number -> sample.test(id("x", number)))
        .containsExactly(7L, 14L, 100L, 200L);
    assertThat(sample.test(new CorrelationId("night"))).isFalse();
    Sample often =
        new Sample(
            FaultFile.parse("x", "slow stock every 3 for 1ms"),
            target -> target instanceof Service);
    assertThat(List.of(147L, 150L, 153L))
        .filteredOn(number -> often.test(id("x", number)))
        .containsExactly(147L, 150L);
  }

  @Test
  void theMostTellingOrderIsOneWhosePaymentDies() {
    String faults =
        """
        slow stock every 2 for 1ms
        crash orders at sent every 3
        crash payment at received every 4
        crash payment at sent every 8
        crash payment at committed every 12
        """;

    assertThat(Telling.of(FaultFile.parse("x", faults), 20))
        .contains(new Telling(8, "slow stock, crash payment at received, crash payment at sent"));
    assertThat(Telling.of(FaultFile.parse("x", faults), 7)).map(Telling::number).contains(4L);
    assertThat(Telling.of(FaultFile.parse("x", faults), 3)).map(Telling::number).contains(3L);
    assertThat(Telling.of(FaultFile.parse("x", faults), 1)).isEmpty();
  }
}
