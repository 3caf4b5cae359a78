package dev.ashlar.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Headers;
import dev.ashlar.messaging.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredMessageTest {

  @Test
  void headersAreLinesBehindAVersion() {
    Headers headers =
        Headers.of("Name", "value: with colon").plus("Empty", "").plus("name", "\u00fc");

    String stored = StoredMessage.print(headers);

    assertThat(stored).isEqualTo("1\nName:value: with colon\nEmpty:\nname:\u00fc\n");
    assertThat(StoredMessage.parse(stored)).isEqualTo(headers);
    assertThat(StoredMessage.parse("1\n")).isEqualTo(Headers.empty());
  }

  @Test
  void theFullestHeadersFitIntoTheirColumn() {
    Headers headers = Headers.empty();
    for (int i = 0; i < Headers.COUNT_MAX; i++) {
      headers =
          headers.plus("n" + (100 + i), "v".repeat(Headers.TOTAL_MAX / Headers.COUNT_MAX - 4));
    }
    assertThat(StoredMessage.print(headers).length()).isBetween(Headers.TOTAL_MAX, 20_000);
    assertThat(StoredMessage.parse(StoredMessage.print(headers))).isEqualTo(headers);
  }

  @Test
  void whatIsNotInThatFormIsRefusedWithoutQuotingIt() {
    for (String text :
        List.of(
            "",
            "1",
            "2\n",
            "secret",
            "1\nsecret\n",
            "1\n:secret\n",
            "1\nna me:secret\n",
            "1\na:b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StoredMessage.parse(text))
          .withMessageNotContaining("secret");
    }
  }

  @Test
  void aCauseIsCutAndFreeOfWhatDatabasesRefuse() {
    String cause = "a\u0000b\uD800c\uD83D\uDE00";

    assertThat(StoredMessage.storable(cause)).isEqualTo("a?b?c\uD83D\uDE00");
    assertThat(StoredMessage.storable("x".repeat(2000))).hasSize(Outcome.TEXT_MAX);
  }
}
