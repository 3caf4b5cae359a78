package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();
  private final IdSource ids = IdSource.of(time, new SplittableRandom(1));

  record OrderId(String value) {}

  @Test
  void aCodecOfOneTypeBecomesTheCodecOfAnother() {
    // [doc:Codec]
    Codec<OrderId> orderId = Codec.utf8().as(OrderId::new, OrderId::value);
    // [/doc]

    assertThat(orderId.decode(orderId.encode(new OrderId("o-1")))).isEqualTo(new OrderId("o-1"));
  }

  @Test
  void aContextTravelsInHeaders() {
    // [doc:CallContext]
    CallContext context = CallContext.root(ids, Deadline.after(Duration.ofSeconds(2), time), "web");
    Headers headers = context.child(Duration.ofMillis(500)).into(Headers.empty());
    // [/doc]

    assertThat(headers.first(CallContext.CORRELATION_HEADER))
        .contains(context.correlation().value());
  }
}
