package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {

  @Test
  void namesMatchInAnyCaseAndKeepTheirOwn() {
    Headers headers = Headers.of("Content-Type", "a/b");
    List<String> names = new ArrayList<>();
    headers.forEach((name, value) -> names.add(name));

    assertThat(headers.first("content-TYPE")).contains("a/b");
    assertThat(names).containsExactly("Content-Type");
    assertThat(headers)
        .isEqualTo(Headers.of("content-type", "a/b"))
        .hasSameHashCodeAs(Headers.of("content-type", "a/b"));
  }

  @Test
  void plusKeepsAndWithReplaces() {
    Headers twice = Headers.of("a", "1").plus("b", "2").plus("A", "3");

    assertThat(twice.all("a")).containsExactly("1", "3");
    assertThat(twice.first("a")).contains("1");
    assertThat(twice.with("a", "4").all("a")).containsExactly("4");
    assertThat(twice.with("a", "4").size()).isEqualTo(2);
    assertThat(twice.without("a").size()).isEqualTo(1);
    assertThat(twice.without("c")).isSameAs(twice);
  }

  @Test
  void whatIsNotThereIsEmpty() {
    assertThat(Headers.empty().first("a")).isEmpty();
    assertThat(Headers.empty().all("a")).isEmpty();
    assertThat(Headers.empty().size()).isZero();
  }

  @Test
  void changingOneLeavesTheOther() {
    Headers before = Headers.of("a", "1");

    Headers after = before.plus("b", "2");

    assertThat(before.size()).isEqualTo(1);
    assertThat(after.size()).isEqualTo(2);
  }

  @Test
  void orderCountsInEquality() {
    assertThat(Headers.of("a", "1").plus("b", "2"))
        .isNotEqualTo(Headers.of("b", "2").plus("a", "1"))
        .isNotEqualTo(Headers.of("a", "1"))
        .isNotEqualTo(Headers.of("a", "1").plus("b", "3"));
  }

  @Test
  void asManyHeadersAsTheLimitButNotOneMore() {
    Headers full = Headers.empty();
    for (int i = 0; i < Headers.COUNT_MAX; i++) {
      full = full.plus("h" + i, "");
    }
    Headers most = full;

    assertThat(most.size()).isEqualTo(64);
    assertThat(most.with("H0", "replaced").size()).isEqualTo(64);
    assertThatThrownBy(() -> most.plus("one-more", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("headers: 65 (expected: at most 64)");
  }

  @Test
  void aNameAtTheLimitButNotOneOver() {
    assertThatCode(() -> Headers.of("n".repeat(Headers.NAME_MAX), "")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Headers.of("n".repeat(Headers.NAME_MAX + 1), ""))
        .hasMessage("name: 129 characters (expected: 1 to 128)");
    assertThatThrownBy(() -> Headers.of("", "")).hasMessageStartingWith("name: 0 characters");
  }

  @Test
  void aValueAtTheLimitButNotOneOver() {
    assertThatCode(() -> Headers.of("n", "v".repeat(Headers.VALUE_MAX))).doesNotThrowAnyException();
    assertThatThrownBy(() -> Headers.of("n", "v".repeat(Headers.VALUE_MAX + 1)))
        .hasMessage("n: 4097 characters (expected: at most 4096)");
  }

  @Test
  void allTogetherAtTheLimitButNotOneOver() {
    Headers three = Headers.empty();
    for (String name : List.of("a", "b", "c")) {
      three = three.plus(name, "v".repeat(Headers.VALUE_MAX));
    }
    Headers before = three;
    int left = Headers.TOTAL_MAX - 3 * (Headers.VALUE_MAX + 1) - 1;

    assertThatCode(() -> before.plus("d", "v".repeat(left))).doesNotThrowAnyException();
    assertThatThrownBy(() -> before.plus("d", "v".repeat(left + 1)))
        .hasMessage("headers: 16385 characters in all (expected: at most 16384)");
  }

  @Test
  void nothingCanEndALineOrStartAnotherHeader() {
    for (String value :
        List.of("a\r\nb: c", "a\nb", "a\rb", "a\u0000", "\u007f", "\u0085", "\uD83D")) {
      assertThatThrownBy(() -> Headers.of("name", value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("name: control character or unpaired surrogate (expected: printable text)");
    }
    for (String name : List.of("a b", "a:b", "a\nb", "ä", "a(", "a/b", "a\"")) {
      assertThatThrownBy(() -> Headers.of(name, "value"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("name: illegal character");
    }
    assertThatCode(() -> Headers.of("name", "tab\tand grüße \uD83D\uDE00"))
        .doesNotThrowAnyException();
  }

  @Test
  void theTextFormShowsNamesOnly() {
    Headers headers = Headers.of("Authorization", "secret").plus("a", "1").plus("A", "2");

    assertThat(headers).hasToString("Headers{authorization=1, a=2}");
  }
}
