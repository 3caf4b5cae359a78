package dev.ashlar.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.examples.shop.settle.LeaseEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  private static Options parse(String... words) throws BadUse {
    return CommandLine.parse(List.of(words));
  }

  private static void refuses(String message, String... words) {
    assertThatThrownBy(() -> parse(words)).isInstanceOf(BadUse.class).hasMessage(message);
  }

  @Test
  void withoutWordsOrdersAreMadeFromAFixedSeed() throws Exception {
    Options options = parse();

    assertThat(options.action()).isEqualTo(Options.Action.RUN);
    assertThat(options.orders()).isEmpty();
    assertThat(options.count()).isEqualTo(2_000);
    assertThat(options.seed()).isEqualTo(7);
    assertThat(options.processes()).isFalse();
    assertThat(options.json()).isFalse();
  }

  @Test
  void aValueStandsBehindItsOptionOrAfterAnEqualsSign() throws Exception {
    Options apart = parse("--count", "5", "--seed", "-3", "--time-limit", "9", "--report", "json");
    Options joined = parse("--count=5", "--seed=-3", "--time-limit=9", "--report=json");

    assertThat(apart).isEqualTo(joined);
    assertThat(apart.count()).isEqualTo(5);
    assertThat(apart.seed()).isEqualTo(-3);
    assertThat(apart.timeLimit()).contains(Duration.ofSeconds(9));
    assertThat(apart.json()).isTrue();
  }

  @Test
  void filesAndFlagsAreTaken() throws Exception {
    Options options = parse("--orders", "-", "--faults", "f", "--keep", "k", "--processes");

    assertThat(options.orders()).contains("-");
    assertThat(options.faults()).contains("f");
    assertThat(options.keep()).contains("k");
    assertThat(options.processes()).isTrue();
    assertThat(options.leases()).isEqualTo(LeaseEngine.MEMORY);
    assertThat(parse("--engine-leases", "jdbc").leases()).isEqualTo(LeaseEngine.JDBC);
    assertThat(parse("-h").action()).isEqualTo(Options.Action.HELP);
    assertThat(parse("--print-faults").action()).isEqualTo(Options.Action.PRINT_FAULTS);
  }

  @Test
  void whatIsNotUnderstoodIsNamed() {
    refuses("unknown option: --bogus (see --help)", "--bogus");
    refuses("unknown option: orders.jsonl (see --help)", "orders.jsonl");
    refuses("unknown option: --cuont=5 (see --help)", "--cuont=5");
    refuses("--count: missing value", "--count");
    refuses("--keep: missing value", "--keep=");
    refuses("--processes: takes no value", "--processes=yes");
    refuses("--seed: stands twice", "--seed", "1", "--seed", "2");
    refuses("--report: 'xml' (expected: table or json)", "--report", "xml");
  }

  @Test
  void numbersHaveBounds() {
    refuses("--count: '0' (expected: 1 to 10000000)", "--count", "0");
    refuses("--count: '10000001' (expected: 1 to 10000000)", "--count", "10000001");
    refuses("--count: 'many' (expected: 1 to 10000000)", "--count", "many");
    refuses("--seed: '1.5' (expected: a whole number)", "--seed", "1.5");
    refuses("--time-limit: '0' (expected: 1 to 86400)", "--time-limit", "0");
  }

  @Test
  void ordersAreReadOrMadeButNotBoth() {
    refuses(
        "--seed: is for orders that are made, not with --orders", "--orders", "x", "--seed", "1");
    refuses(
        "--count: is for orders that are made, not with --orders", "--count", "1", "--orders", "x");
  }
}
