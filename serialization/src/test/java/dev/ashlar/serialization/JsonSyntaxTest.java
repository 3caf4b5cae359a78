package dev.ashlar.serialization;

import static dev.ashlar.core.MalformedDataException.Reason.MALFORMED;
import static dev.ashlar.core.MalformedDataException.Reason.TRAILING_DATA;
import static dev.ashlar.core.MalformedDataException.Reason.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.Order;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no JSON, or no UTF-8, whatever the type. */
class JsonSyntaxTest {

  private static final String LINE = "{\"sku\":\"s\",\"quantity\":1}";
  private static final String ORDER =
      "{\"id\":\"o\",\"lines\":[" + LINE + "],\"stock\":{\"a\":1},\"note\":\"n\"}";

  private static final List<String> NOT_JSON =
      List.of(
          "{,}",
          "{'sku':1}",
          "{sku:1}",
          "{\"sku\"}",
          "{\"sku\":}",
          "{\"sku\":\"s\",}",
          "{\"sku\" \"s\"}",
          "{\"sku\"::1}",
          "{\"sku\":\"s\" \"x\":2}",
          "{\"sku\":\"s\";}",
          "{]",
          "{{}}",
          "{\"quantity\":+1}",
          "{\"quantity\":.5}",
          "{\"quantity\":5.}",
          "{\"quantity\":5.e1}",
          "{\"quantity\":1e}",
          "{\"quantity\":1e+}",
          "{\"quantity\":00}",
          "{\"quantity\":-01}",
          "{\"quantity\":-}",
          "{\"quantity\":--1}",
          "{\"quantity\":0x10}",
          "{\"quantity\":1_000}",
          "{\"quantity\":NaN}",
          "{\"quantity\":Infinity}",
          "{\"quantity\":-Infinity}",
          "{\"quantity\":INF}",
          "{\"quantity\":1f}",
          "{\"quantity\":１}",
          "{\"quantity\":True}",
          "{\"quantity\":nul}",
          "{\"quantity\":nulll}",
          "{\"sku\":undefined}",
          "{\"sku\":'s'}",
          "{\"sku\":`s`}",
          "{\"sku\":\"\t\"}",
          "{\"sku\":\"\n\"}",
          "{\"sku\":\"\u0000\"}",
          "{\"sku\":\"\\x41\"}",
          "{\"sku\":\"\\'\"}",
          "{\"sku\":\"\\u00zz\"}",
          "{\"sku\":\"\\U0041\"}",
          "{\"sku\":\"\\\n\"}",
          "{\"sku\":/*x*/\"s\"}",
          "{//x\n}",
          "#\n{}",
          "\f{}",
          "\u00a0{}",
          "\u2028{}",
          "\u0000{}",
          "\u001e{}",
          ")]}',\n{}",
          "<a/>",
          "&",
          "}",
          "]",
          ":",
          ",",
          "x");

  private static final JsonCodec<Line> LINES = JsonCodec.of(Line.class);
  private static final JsonCodec<Order> ORDERS = JsonCodec.of(Order.class);

  @Test
  void dataBehindTheEndAreRefused() {
    for (String tail : List.of("}", "{}", "x", ",", "0", "//", "\"", "\u00a0", "\u0000", "null")) {
      assertReason(LINES, LINE + tail, "", "", TRAILING_DATA);
    }
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[][] bad = {
      {(byte) 0xC0, (byte) 0xAF}, // two bytes for a slash
      {(byte) 0xE0, (byte) 0x80, (byte) 0xAF}, // three bytes for a slash
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // half a surrogate pair
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // behind the last character
      {(byte) 0xFF},
      {(byte) 0x80},
      {(byte) 0xC3},
      {(byte) 0xE2, (byte) 0x82}
    };
    int at = LINE.indexOf("s\",");
    for (byte[] insert : bad) {
      byte[] json = LINE.getBytes(StandardCharsets.UTF_8);
      byte[] all = new byte[json.length + insert.length];
      System.arraycopy(json, 0, all, 0, at);
      System.arraycopy(insert, 0, all, at, insert.length);
      System.arraycopy(json, at, all, at + insert.length, json.length - at);
      assertThat(Samples.refused(() -> LINES.decode(Bytes.owning(all)), "bytes"))
          .hasMessage("no UTF-8, byte " + at)
          .returns(MALFORMED, MalformedDataException::reason);
    }
  }

  @Test
  void otherEncodingsAreRefused() {
    assertThat(Samples.reason(LINES, "\ufeff" + LINE)).isEqualTo(MALFORMED);
    for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
      Bytes json = Bytes.owning(LINE.getBytes(Charset.forName(name)));
      assertThat(Samples.reason(LINES, json)).as(name).isEqualTo(MALFORMED);
    }
    assertThat(Samples.reason(LINES, Bytes.owning(new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5})))
        .isEqualTo(MALFORMED);
  }

  @Test
  void halvesOfSurrogatePairsAreRefused() {
    for (String half :
        List.of("\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x", "\\ud800\\ud800")) {
      assertReason(LINES, LINE, "\"s\"", "\"" + half + "\"", MALFORMED);
      assertReason(ORDERS, ORDER, "\"a\"", "\"" + half + "\"", MALFORMED);
    }
    String pair = LINE.replace("\"s\"", "\"\\ud83d\\ude00\"");
    assertThat(LINES.decode(Bytes.utf8(pair)).sku()).isEqualTo("😀");
  }

  @Test
  void whatIsNotJsonIsRefused() {
    for (String json : NOT_JSON) {
      assertThat(Samples.reason(LINES, json)).as(json).isEqualTo(MALFORMED);
    }
  }

  @Test
  void noDataAtAllAreTruncated() {
    for (String json :
        List.of("", " ", "\n\t", "{", "{\"", "{\"sku\":t", "{\"sku\":-", "{\"sku\":1.")) {
      assertThat(Samples.reason(LINES, json)).as(json).isEqualTo(TRUNCATED);
    }
  }

  private static void assertReason(
      JsonCodec<?> codec, String json, String from, String to, Reason reason) {
    String changed = from.isEmpty() ? json : json.replace(from, to);
    assertThat(Samples.reason(codec, changed)).as(changed).isEqualTo(reason);
  }
}
