package dev.ashlar.examples.shop.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.examples.shop.page.PagePart;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.settle.SettlementJob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultFileTest {

  private static void refuses(String message, String line) {
    assertThatThrownBy(() -> FaultFile.parse("f.txt", "# first\n\n" + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("f.txt:3: " + message);
  }

  @Test
  void everyKindOfLineIsRead() {
    Schedule schedule =
        FaultFile.parse(
            "f.txt",
            """
            crash payment at committed every 900 most 3   # and why
            duplicate stock every 40
            delay invoices for 200ms every 70
            slow payment every 150 for 2s
            fail loyalty every 60 times 2
            refuse recommendations every 5 times 3
            late payment every 7 for 1s
            outage payment every 900 for 2s most 1
            slow page-adverts every 4 for 5ms
            pause settlement every 3 for 4s
            """);

    assertThat(schedule.faults())
        .containsExactly(
            new Fault.Crash(new Fault.When(Service.PAYMENT, 900, 3), Step.COMMITTED),
            new Fault.Duplicate(new Fault.When(Service.STOCK, 40, Long.MAX_VALUE)),
            new Fault.Delay(
                new Fault.When(Service.INVOICES, 70, Long.MAX_VALUE), Duration.ofMillis(200)),
            new Fault.Slow(
                new Fault.When(Service.PAYMENT, 150, Long.MAX_VALUE), Duration.ofSeconds(2)),
            new Fault.Fail(new Fault.When(Service.LOYALTY, 60, Long.MAX_VALUE), 2),
            new Fault.Refuse(new Fault.When(Service.RECOMMENDATIONS, 5, Long.MAX_VALUE), 3),
            new Fault.Late(
                new Fault.When(Service.PAYMENT, 7, Long.MAX_VALUE), Duration.ofSeconds(1)),
            new Fault.Outage(new Fault.When(Service.PAYMENT, 900, 1), Duration.ofSeconds(2)),
            new Fault.Slow(
                new Fault.When(PagePart.ADVERTS, 4, Long.MAX_VALUE), Duration.ofMillis(5)),
            new Fault.Pause(
                new Fault.When(SettlementJob.SETTLEMENT, 3, Long.MAX_VALUE),
                Duration.ofSeconds(4)));
  }

  @Test
  void theBuiltInScheduleHasEveryKind() {
    Schedule schedule = FaultFile.parse("faults.txt", FaultFile.standardText());

    assertThat(schedule.faults().stream().map(Fault::kind).distinct())
        .containsExactlyInAnyOrderElementsOf(FaultCounts.KINDS);
  }

  @Test
  void aFileWithoutFaultsIsOne() {
    assertThat(FaultFile.parse("f.txt", "# nothing\n").faults()).isEmpty();
  }

  @Test
  void aBadLineIsNamedWithItsReason() {
    refuses(
        "fault 'explode' (expected: crash, duplicate, delay, slow, late, fail, outage, refuse, pause)",
        "explode payment every 3");
    refuses(
        "service 'kitchen' (expected: orders, payment, stock, recommendations, invoices, loyalty,"
            + " page-adverts, page-recommendations, page-prices, settlement)",
        "crash kitchen at sent every 3");
    refuses("at: missing (expected: once)", "crash payment every 3");
    refuses("every: missing (expected: a value behind it)", "duplicate stock every");
    refuses("every: stands twice (expected: once)", "duplicate stock every 3 every 4");
    refuses("word 'for' (expected: every or most)", "duplicate stock every 3 for 2s");
    refuses("every: '0' (expected: 1 to 1000000000)", "duplicate stock every 0");
    refuses("every: '-1' (expected: 1 to 1000000000)", "duplicate stock every -1");
    refuses("most: 'all' (expected: 1 to 1000000000)", "duplicate stock every 1 most all");
    refuses("times: '1001' (expected: 1 to 1000)", "fail payment every 1 times 1001");
    refuses("for: '200' (expected: 1ms to 60s)", "slow payment every 1 for 200");
    refuses("for: '61s' (expected: 1ms to 60s)", "slow payment every 1 for 61s");
    refuses("for: '0ms' (expected: 1ms to 60s)", "slow payment every 1 for 0ms");
    refuses(
        "step 'dreaming' (expected: received, paid, committed or sent)",
        "crash payment at dreaming every 3");
    refuses(
        "step 'sent': stock sends nothing (expected: orders or payment)",
        "crash stock at sent every 3");
    refuses(
        "step 'paid': payment does not call payment (expected: orders)",
        "crash payment at paid every 3");
    refuses(
        "refuse: orders has no queue (expected: another service)", "refuse orders every 3 times 2");
    refuses(
        "crash: not for page-prices (expected: slow or fail)", "crash page-prices at sent every 3");
    refuses(
        "pause: not for stock (expected: pause and settlement go together)",
        "pause stock every 3 for 2s");
    refuses(
        "slow: not for settlement (expected: pause and settlement go together)",
        "slow settlement every 3 for 2s");
  }

  @Test
  void whatIsShownOfABadLineIsShortAndPrintable() {
    refuses(
        "fault '??"
            + "x".repeat(38)
            + "' (expected: crash, duplicate, delay, slow, late, fail, outage, refuse, pause)",
        "\u0007\u001b" + "x".repeat(500));
  }

  @Test
  void aHugeFileIsNotReadToItsEnd() {
    assertThatThrownBy(() -> FaultFile.text(new ByteArrayInputStream(new byte[70_000])))
        .isInstanceOf(IOException.class)
        .hasMessage("too long (expected: at most 65536 bytes)");
  }

  @Test
  void faultsComeUponMultiplesUpToTheirMost() {
    Fault.When when = new Fault.When(Service.STOCK, 40, 2);

    assertThat(when.matches(Service.STOCK, 40)).isTrue();
    assertThat(when.matches(Service.STOCK, 80)).isTrue();
    assertThat(when.matches(Service.STOCK, 120)).isFalse();
    assertThat(when.matches(Service.STOCK, 41)).isFalse();
    assertThat(when.matches(Service.STOCK, 0)).isFalse();
    assertThat(when.matches(Service.PAYMENT, 40)).isFalse();
  }
}
