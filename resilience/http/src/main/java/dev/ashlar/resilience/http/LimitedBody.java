package dev.ashlar.resilience.http;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Keeps what comes, up to a limit, and stops the sender there. Called by one thread at a time. */
final class LimitedBody implements HttpResponse.BodySubscriber<Bytes> {

  private final int max;
  private final CompletableFuture<Bytes> body = new CompletableFuture<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;

  LimitedBody(int max) {
    this.max = max;
  }

  @Override
  public CompletionStage<Bytes> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription started) {
    subscription = started;
    started.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> items) {
    Flow.Subscription sender = subscription;
    if (body.isDone() || sender == null) {
      return;
    }
    for (ByteBuffer item : items) {
      if (item.remaining() > max - kept.size()) {
        sender.cancel();
        body.completeExceptionally(
            new MalformedDataException(
                MalformedDataException.Reason.LIMIT,
                "answer: more than " + max + " bytes (expected: at most that)"));
        return;
      }
      byte[] bytes = new byte[item.remaining()];
      item.get(bytes);
      kept.write(bytes, 0, bytes.length);
    }
    sender.request(1);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(Bytes.owning(kept.toByteArray()));
  }
}
