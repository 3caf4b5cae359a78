package dev.ashlar.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessageTest {

  private static final Message MESSAGE = Message.of(new MessageId("m-1"), Bytes.utf8("secret"));

  private final IdSource ids = IdSource.of(TimeSource.system(), new SplittableRandom(1));
  private final CallContext context =
      CallContext.root(ids, Deadline.after(Duration.ofSeconds(2), TimeSource.system()), "web");

  @Test
  void anIdOutsideTheAlphabetIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> new MessageId("se cret"))
        .hasMessage("value: 7 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatThrownBy(() -> new MessageId("x".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MessageId("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyIsBoundedAndPrintable() {
    assertThat(MESSAGE.withKey("ключ-鍵").key()).contains("ключ-鍵");
    assertThat(MESSAGE.withKey("k".repeat(Message.KEY_MAX)).key()).isPresent();
    assertThatThrownBy(() -> MESSAGE.withKey("k".repeat(Message.KEY_MAX + 1)))
        .hasMessage("key: 129 characters (expected: 1 to 128)");
    assertThatThrownBy(() -> MESSAGE.withKey("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MESSAGE.withKey("a\u0000b"))
        .hasMessage("key: control character or unpaired surrogate (expected: printable text)");
    assertThatThrownBy(() -> MESSAGE.withKey("\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTimeToLiveIsAboveZeroAndHasAnEnd() {
    assertThatThrownBy(() -> MESSAGE.withTimeToLive(Duration.ZERO))
        .hasMessage("timeToLive: PT0S (expected: above 0, to PT8760H)");
    assertThatThrownBy(() -> MESSAGE.withTimeToLive(Duration.ofDays(366)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textShowsNeitherKeyNorHeaderValuesNorPayload() {
    Message message = MESSAGE.withKey("secret-key").withHeaders(Headers.of("auth", "secret-value"));

    assertThat(message.toString()).isEqualTo("Message[m-1, 6 bytes, Headers{auth=1}]");
  }

  @Test
  void theCurrentContextIsAddedOnlyWhereThereIsOneAndNoneIsCarried() throws Exception {
    assertThat(handedOver(MESSAGE)).isSameAs(MESSAGE);

    Message sent = context.call(() -> handedOver(MESSAGE));
    assertThat(sent.headers().first(CallContext.CORRELATION_HEADER))
        .contains(context.correlation().value());

    CallContext other =
        CallContext.root(ids, Deadline.after(Duration.ofSeconds(2), TimeSource.system()), "job");
    assertThat(other.call(() -> handedOver(sent))).isSameAs(sent);
  }

  private static Message handedOver(Message message) {
    return message.handOver("queue", Observer.none(), stored -> stored);
  }

  @Test
  void whatBelongsToTheCallersWaitDoesNotTravelInAMessage() {
    String header =
        MESSAGE.withContext(context).headers().first(CallContext.CONTEXT_HEADER).orElseThrow();

    assertThat(header).doesNotContain("ttl=").doesNotContain("right=").doesNotContain("try=");
  }
}
