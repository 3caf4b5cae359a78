package dev.ashlar.serialization;

import static dev.ashlar.core.MalformedDataException.Reason.LIMIT;
import static dev.ashlar.core.MalformedDataException.Reason.LOSSY_VALUE;
import static dev.ashlar.core.MalformedDataException.Reason.TRUNCATED;
import static dev.ashlar.core.MalformedDataException.Reason.TYPE_NOT_ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.serialization.Samples.BankTransfer;
import dev.ashlar.serialization.Samples.Broken;
import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Everything;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import dev.ashlar.serialization.Samples.Tree;
import dev.ashlar.serialization.Samples.Whole;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a sender who means harm would send. */
class JsonHostileTest {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private static final JsonOptions TOLERANT = JsonOptions.tolerantReader();
  private static final JsonCodec<Tree> TREES = JsonCodec.of(Tree.class);
  private static final JsonCodec<Line> LINES = JsonCodec.of(Line.class);
  private static final JsonCodec<Line> TOLERANT_LINES = JsonCodec.of(Line.class, TOLERANT);
  private static final JsonCodec<Payment> PAYMENTS = JsonCodec.of(Payment.class);
  private static final JsonCodec<Everything> EVERYTHING = JsonCodec.of(Everything.class);

  @Test
  void theDepthLimitIsExactInATypeThatContainsItself() {
    // Each tree is an object and a list; the innermost list is empty.
    assertThat(Samples.reason(TREES, tree(32))).isNull();
    assertThat(Samples.refused(TREES, tree(33)))
        .hasMessageStartingWith("depth: 65 (expected: at most 64) at /children/0/children")
        .returns(LIMIT, MalformedDataException::reason);
    JsonCodec<Tree> odd = TREES.narrowedTo(Limits.standard().withDepth(63));
    assertThat(Samples.reason(odd, tree(31))).isNull();
    assertThat(Samples.reason(odd, tree(32))).isEqualTo(LIMIT);
  }

  @Test
  void theDepthLimitIsExactInWhatIsLeftOut() {
    for (List<String> pair : List.of(List.of("[", "]"), List.of("{\"x\":", "}"))) {
      String inner = pair.get(0).equals("[") ? "" : "1";
      for (int depth : new int[] {1, 62, 63}) {
        String value = pair.get(0).repeat(depth) + inner + pair.get(1).repeat(depth);
        assertThat(Samples.reason(TOLERANT_LINES, line(value))).isNull();
      }
      for (int depth : new int[] {64, 65, 1_000, 100_000}) {
        String value = pair.get(0).repeat(depth) + inner + pair.get(1).repeat(depth);
        assertThat(Samples.reason(TOLERANT_LINES, line(value))).isEqualTo(LIMIT);
        assertThat(Samples.reason(TOLERANT_LINES, line(pair.get(0).repeat(depth))))
            .isEqualTo(LIMIT);
      }
    }
  }

  @Test
  void manyLevelsNeverOverflowTheStack() {
    for (JsonCodec<?> codec : List.of(TREES, LINES, PAYMENTS, EVERYTHING)) {
      for (String open : List.of("[", "{\"type\":", "{\"children\":[", "{\"fallback\":", "{")) {
        assertThat(Samples.refused(codec, open.repeat(60_000))).hasNoCause();
      }
    }
    assertThat(Samples.reason(TREES, tree(40_000))).isEqualTo(LIMIT);
    String payment = "{\"iban\":\"i\",\"fallback\":".repeat(30_000);
    assertThat(Samples.reason(PAYMENTS, payment)).isEqualTo(TRUNCATED);
    assertThat(Samples.reason(PAYMENTS, "{\"type\":\"bank-transfer\",\"fallback\":".repeat(25_000)))
        .isEqualTo(LIMIT);
  }

  @Test
  void theDeepestLimitFitsHalfAStack() throws Exception {
    Limits deepest = Limits.standard().withDepth(256);
    JsonCodec<Tree> trees = JsonCodec.of(Tree.class, TOLERANT.withLimits(deepest));
    JsonCodec<Payment> payments = JsonCodec.of(Payment.class, TOLERANT.withLimits(deepest));
    Payment payment = new Card("4", 5);
    for (int i = 1; i < 256; i++) {
      payment = new BankTransfer("i", Optional.of(payment));
    }
    Payment chain = payment;
    onHalfAStack(
        () -> {
          Tree tree = trees.decode(Bytes.utf8(tree(128)));
          assertThat(trees.encode(tree).toUtf8()).isEqualTo(tree(128));
          assertThat(payments.encode(payments.decode(payments.encode(chain))))
              .isEqualTo(payments.encode(chain));
          String skipped = "[".repeat(255) + "]".repeat(255);
          String leaf = "{\"name\":\"\",\"children\":[],\"x\":" + skipped + "}";
          assertThat(Samples.reason(trees, leaf)).isNull();
        });
  }

  private static void onHalfAStack(Runnable body) throws Exception {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(null, body, "half", 512 << 10);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void aHugeNumberIsRefusedQuickly() {
    String digits = "7".repeat(1_000_000);
    String whole = "{\"tiny\":1,\"small\":2,\"middle\":3,\"large\":4,\"huge\":" + digits + "}";
    for (String number : List.of(digits, "-" + digits, "0." + digits, "1e" + digits)) {
      assertTimeout(
          LONG_ENOUGH,
          () -> {
            assertThat(Samples.reason(TOLERANT_LINES, line(number))).isEqualTo(LIMIT);
            String broken = "{\"exact\":" + number + "}";
            assertThat(Samples.reason(JsonCodec.of(Broken.class), broken)).isEqualTo(LIMIT);
          });
    }
    assertThat(Samples.reason(JsonCodec.of(Whole.class), whole)).isEqualTo(LIMIT);
    assertThat(Samples.reason(LINES, "{\"quantity\":" + digits + "}")).isEqualTo(LIMIT);
    assertThat(Samples.reason(LINES, "{\"quantity\":1e999999999}")).isEqualTo(LOSSY_VALUE);
  }

  @Test
  void eachLimitHoldsAtOneOverAndFarOver() {
    Limits limits = new Limits(200_000, 64, 10, 10, 10, 10);
    JsonCodec<Order> codec = JsonCodec.of(Order.class, TOLERANT.withLimits(limits));
    for (int over : new int[] {0, 1, 100_000}) {
      @Nullable Reason expected = over == 0 ? null : LIMIT;
      String text = "\"" + "x".repeat(10 + over) + "\"";
      String number = "1".repeat(10 + over);
      assertReason(codec, order(text, "", "{}"), expected);
      assertReason(codec, order("\"o\"", ",\"x\":" + text, "{}"), expected);
      assertReason(codec, order("\"o\"", "," + text + ":1", "{}"), expected);
      assertReason(codec, order("\"o\"", "", "{" + text + ":1}"), expected);
      assertReason(codec, order("\"o\"", "", "{\"a\":" + number + "}"), expected);
      assertReason(codec, order("\"o\"", ",\"x\":" + number, "{}"), expected);
      // Three fields are the record's own, the fourth is the array.
      String items = "[0" + ",0".repeat(5 + Math.min(over, 40_000)) + "]";
      assertReason(codec, order("\"o\"", ",\"x\":" + items, "{}"), expected);
    }
  }

  @Test
  void theSizeLimitHoldsAtOneOverAndFarOver() {
    JsonCodec<Line> codec = LINES.narrowedTo(Limits.standard().withSizeBytes(1_000));
    String json = "{\"sku\":\"s\",\"quantity\":1}";
    assertThat(Samples.reason(codec, json + " ".repeat(1_000 - json.length()))).isNull();
    for (int size : new int[] {1_001, 1_000_000}) {
      assertThat(Samples.refused(codec, json + " ".repeat(size - json.length())))
          .hasMessage("sizeBytes: " + size + " (expected: at most 1000)")
          .returns(LIMIT, MalformedDataException::reason);
    }
    assertThat(Samples.reason(codec, Bytes.owning(new byte[2_000]))).isEqualTo(LIMIT);
  }

  @Test
  void namesOfClassesAreNamesOfNothing() {
    List<String> names =
        List.of(
            "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
            "com.sun.rowset.JdbcRowSetImpl",
            "java.util.logging.FileHandler",
            "javax.swing.JEditorPane",
            "org.springframework.context.support.ClassPathXmlApplicationContext",
            "java.lang.Object",
            Card.class.getName(),
            Trap.class.getName(),
            "[L" + Trap.class.getName() + ";",
            "java.util.List<" + Trap.class.getName() + ">",
            "Card",
            "CARD",
            "cards",
            "car",
            "card ",
            " card",
            "card\\u0000",
            "c\\u0430rd",
            "card;",
            "$card",
            "",
            "card" + "x".repeat(10_000));
    for (String name : names) {
      String fields = "\"number\":\"4\",\"cents\":5";
      String first = "{\"type\":\"" + name + "\"," + fields + "}";
      String last = "{" + fields + ",\"type\":\"" + name + "\"}";
      assertThat(Samples.reason(PAYMENTS, first)).as(name).isEqualTo(TYPE_NOT_ALLOWED);
      assertThat(Samples.reason(PAYMENTS, last)).as(name).isEqualTo(TYPE_NOT_ALLOWED);
    }
    assertThat(TRAPPED).isFalse();
  }

  private static final AtomicBoolean TRAPPED = new AtomicBoolean();

  /** Tells when it is initialized. */
  static final class Trap {
    static {
      TRAPPED.set(true);
    }
  }

  @Test
  void keysWhoseHashesCollideStayFast() {
    // Fifteen times one of two pairs of letters whose hashes are one.
    StringBuilder entries = new StringBuilder();
    int count = 1 << 15;
    for (int i = 0; i < count; i++) {
      entries.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < 15; bit++) {
        entries.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      entries.append("\":1");
    }
    assertThat("AaBB".hashCode()).isEqualTo("BBAa".hashCode());
    JsonCodec<Order> orders =
        JsonCodec.of(
            Order.class, JsonOptions.strict().withLimits(Limits.standard().withSizeBytes(8 << 20)));
    JsonCodec<Line> tolerant = TOLERANT_LINES;
    assertTimeout(
        LONG_ENOUGH,
        () -> {
          String stock = order("\"o\"", "", "{" + entries + "}");
          assertThat(orders.decode(Bytes.utf8(stock)).stock()).hasSize(count);
          String small = entries.substring(0, entries.lastIndexOf(",", 1_000_000));
          assertThat(tolerant.decode(Bytes.utf8(line("{" + small + "}")))).isNotNull();
          assertThat(tolerant.decode(Bytes.utf8(line("1," + small)))).isNotNull();
        });
  }

  @Test
  void aTypeNameAtTheEndOfEveryLevelStaysFast() {
    String filler = "\"iban\":\"" + "x".repeat(10_000) + "\"";
    String json = "{\"type\":\"card\",\"number\":\"4\",\"cents\":5}";
    for (int i = 0; i < 63; i++) {
      json = "{\"fallback\":" + json + "," + filler + ",\"type\":\"bank-transfer\"}";
    }
    String nested = json;
    assertTimeout(LONG_ENOUGH, () -> assertThat(Samples.reason(PAYMENTS, nested)).isNull());
  }

  @Test
  void manyNamesOneAfterAnotherLeaveTheCodecFast() {
    assertTimeout(
        LONG_ENOUGH,
        () -> {
          for (int i = 0; i < 50_000; i++) {
            String json = "{\"name-" + i + "\":1,\"sku\":\"s\",\"quantity\":1}";
            assertThat(Samples.reason(TOLERANT_LINES, json)).isNull();
          }
        });
  }

  private static void assertReason(JsonCodec<?> codec, String json, @Nullable Reason expected) {
    @Nullable Reason seen = Samples.reason(codec, json);
    assertThat(seen).isEqualTo(expected);
  }

  private static String order(String id, String more, String stock) {
    return "{\"id\":" + id + ",\"lines\":[],\"stock\":" + stock + more + "}";
  }

  private static String line(String extra) {
    return "{\"sku\":\"s\",\"x\":" + extra + ",\"quantity\":1}";
  }

  private static String tree(int levels) {
    return "{\"name\":\"\",\"children\":[".repeat(levels) + "]}".repeat(levels);
  }
}
