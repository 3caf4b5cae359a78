package dev.ashlar.examples.shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderSourceTest {

  private static final String GOOD =
      "{\"id\":\"o-1\",\"customer\":\"c-9\",\"items\":[{\"sku\":\"tea\",\"quantity\":2}],\"amountCents\":1250}";

  @TempDir Path folder;
  private final List<String> complaints = new ArrayList<>();

  private List<Order> read(InputStream in) throws IOException {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("book") + ";DB_CLOSE_DELAY=5");
    OrderBook book = new OrderBook(source);
    try (OrderBook.Writer writer = book.writer()) {
      long bad = OrderSource.read("in.jsonl", in, writer, complaints::add);
      assertThat(bad).isEqualTo(complaints.size());
    }
    return book.page(0, 1_000).stream().map(OrderBook.Placed::order).toList();
  }

  private List<Order> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The complaint about one line, which stands between two good ones. */
  private String complaint(String line) throws IOException {
    complaints.clear();
    List<Order> orders = read(GOOD + "\n" + line + "\n" + GOOD.replace("o-1", "o-2"));
    assertThat(orders).hasSize(2);
    assertThat(complaints).hasSize(1);
    return complaints.get(0);
  }

  private static String with(String field, String value) {
    return GOOD.replace("o-1", "o-3")
        .replaceFirst("\"" + field + "\":[^,\\]}]+", "\"" + field + "\":" + value);
  }

  @Test
  void aGoodLineIsAnOrder() throws Exception {
    assertThat(read(GOOD))
        .containsExactly(new Order("o-1", "c-9", List.of(new Item("tea", 2)), 1_250));
    assertThat(complaints).isEmpty();
  }

  @Test
  void blankLinesAndCarriageReturnsAreNothing() throws Exception {
    assertThat(read("\n\r\n  \t\n" + GOOD + "\r\n\n")).hasSize(1);
    assertThat(complaints).isEmpty();
  }

  @Test
  void aLineThatIsNoOrderIsToldByPlaceAndReason() throws Exception {
    assertThat(complaint("not json")).isEqualTo("in.jsonl:2: no JSON, byte 0");
  }

  @Test
  void eachBoundHasItsReason() throws Exception {
    String bad =
        String.join(
            "\n",
            with("id", "\"o 3\""),
            with("id", "\"" + "x".repeat(41) + "\""),
            with("customer", "\"\""),
            with("amountCents", "0"),
            with("amountCents", "100000001"),
            with("sku", "\"t/a\""),
            with("quantity", "1001"),
            GOOD.replace("o-1", "o-3").replaceFirst("\\[.*]", "[]"),
            GOOD.replace("o-1", "o-3")
                .replaceFirst(
                    "\\[.*]", "[{\"sku\":\"a\",\"quantity\":1},{\"sku\":\"a\",\"quantity\":2}]"));

    assertThat(read(GOOD + "\n" + bad)).hasSize(1);

    assertThat(complaints)
        .containsExactly(
            "in.jsonl:2: id: 3 characters (expected: 1 to 40 of A-Z a-z 0-9 . _ -)",
            "in.jsonl:3: id: 41 characters (expected: 1 to 40 of A-Z a-z 0-9 . _ -)",
            "in.jsonl:4: customer: 0 characters (expected: 1 to 40 of A-Z a-z 0-9 . _ -)",
            "in.jsonl:5: amountCents: 0 (expected: 1 to 100000000)",
            "in.jsonl:6: amountCents: 100000001 (expected: 1 to 100000000)",
            "in.jsonl:7: items/0/sku: 3 characters (expected: 1 to 40 of A-Z a-z 0-9 . _ -)",
            "in.jsonl:8: items/0/quantity: 1001 (expected: 1 to 1000)",
            "in.jsonl:9: items: 0 (expected: 1 to 20)",
            "in.jsonl:10: items/1/sku: stands twice (expected: each product once)");
  }

  @Test
  void missingUnknownAndWrongFieldsAreBad() throws Exception {
    String bad =
        String.join(
            "\n",
            GOOD.replace(",\"amountCents\":1250", ""),
            GOOD.replace("1250", "1250,\"gift\":true"),
            GOOD.replace("1250", "12.5"),
            GOOD.replace("1250", "\"1250\""),
            GOOD.replace("\"o-1\"", "null"),
            GOOD + " x",
            GOOD.substring(0, 40));

    assertThat(read(bad)).isEmpty();

    assertThat(complaints).hasSize(7);
    assertThat(complaints.get(0)).startsWith("in.jsonl:1: missing field at /amountCents");
    assertThat(complaints.get(1)).startsWith("in.jsonl:2: field that the type does not have");
    assertThat(complaints.get(2)).startsWith("in.jsonl:3: number with a fraction or exponent");
    assertThat(complaints.get(3)).startsWith("in.jsonl:4: text (expected: ");
    assertThat(complaints.get(4)).startsWith("in.jsonl:5: null (expected: ");
    assertThat(complaints.get(5)).startsWith("in.jsonl:6: data behind the end");
    assertThat(complaints.get(6)).startsWith("in.jsonl:7: end of the data");
  }

  @Test
  void anIdThatStandsTwiceIsBadAndTheFirstCounts() throws Exception {
    List<Order> orders = read(GOOD + "\n" + GOOD.replace("1250", "99"));

    assertThat(orders).extracting(Order::amountCents).containsExactly(1_250L);
    assertThat(complaints)
        .containsExactly("in.jsonl:2: id: stands in a line above (expected: once)");
  }

  @Test
  void aLineWithoutEndIsReadAndNotKept() throws Exception {
    InputStream endless =
        new InputStream() {
          private long left = 300L << 20;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            Arrays.fill(target, offset, offset + count, (byte) 'x');
            return count == 0 ? -1 : count;
          }
        };
    InputStream good = new ByteArrayInputStream(("\n" + GOOD).getBytes(StandardCharsets.UTF_8));

    assertThat(read(new SequenceInputStream(endless, good))).hasSize(1);

    assertThat(complaints)
        .containsExactly("in.jsonl:1: line: too long (expected: at most 16384 bytes)");
  }

  @Test
  void theLongestLineIsStillRead() throws Exception {
    String padded = GOOD + " ".repeat(OrderForm.LINE_MAX - GOOD.length());

    assertThat(read(padded)).hasSize(1);
    assertThat(read(padded.replace("o-1", "o-2") + " ")).hasSize(1);
    assertThat(complaints).hasSize(1);
  }

  @Test
  void theSameSeedMakesTheSameGoodOrders() throws Exception {
    StringBuilder lines = new StringBuilder();
    MadeOrders first = new MadeOrders(3);
    MadeOrders second = new MadeOrders(3);
    for (int i = 0; i < 200; i++) {
      Order order = first.get();
      assertThat(second.get()).isEqualTo(order);
      lines.append(OrderForm.codec().encode(order).toUtf8()).append('\n');
    }

    assertThat(new MadeOrders(4).get()).isNotEqualTo(new MadeOrders(3).get());
    assertThat(read(lines.toString())).hasSize(200);
    assertThat(complaints).isEmpty();
  }
}
