package stranger;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.serialization.JsonCodec;
import java.util.List;

/** A value of a stranger's, sent over one of our queues as strict JSON. */
public record Basket(String customer, List<String> items) {

  private static final JsonCodec<Basket> JSON = JsonCodec.of(Basket.class);

  /** Sends this basket under a fresh id. */
  public MessageId sendTo(MessageQueue queue, Deadline deadline) throws InterruptedException {
    MessageId id = MessageId.next(IdSource.system());
    queue.send(Message.of(id, JSON.encode(this)).withKey(customer), deadline);
    return id;
  }

  /** Returns the basket that a payload stands for. */
  public static Basket of(Bytes payload) {
    return JSON.decode(payload);
  }
}
