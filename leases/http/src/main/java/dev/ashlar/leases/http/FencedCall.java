package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.guard.Claim;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * A request that is to be sent under a {@link Claim}, with its answer once it was let through.
 *
 * <p>{@link Claim#write} sends it, and the service checks the fence in the transaction that does
 * what the request asks; the work of the write is then no more than to take the reply.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> A reply is as large as its handler lets it be.
 *
 * <pre>{@code
 * FencedCall<String> call = FencedCall.of(request, BodyHandlers.ofString(), deadline);
 * Fenced<FencedCall.Reply<String>> written = claim.write(call, call::reply);
 * }</pre>
 *
 * @param <B> the body of the reply
 */
public final class FencedCall<B> {

  private final HttpRequest request;
  private final HttpResponse.BodyHandler<B> handler;
  private final Deadline deadline;
  private Optional<Reply<B>> reply = Optional.empty();

  private FencedCall(HttpRequest request, HttpResponse.BodyHandler<B> handler, Deadline deadline) {
    this.request = requireNonNull(request, "request");
    this.handler = requireNonNull(handler, "handler");
    this.deadline = requireNonNull(deadline, "deadline");
  }

  /**
   * Returns a call that is not sent yet.
   *
   * @param request without a fence; one that it has is replaced
   * @param handler reads the body of the reply, if the fence was accepted
   * @param deadline until when the reply has come as a whole
   */
  public static <B> FencedCall<B> of(
      HttpRequest request, HttpResponse.BodyHandler<B> handler, Deadline deadline) {
    return new FencedCall<>(request, handler, deadline);
  }

  /**
   * Returns what the service answered, whatever the status.
   *
   * @throws IllegalStateException if no fence of this call was accepted
   */
  public Reply<B> reply() {
    return reply.orElseThrow(
        () -> new IllegalStateException("call: no reply (expected: sent by Claim.write)"));
  }

  HttpRequest request(FenceHeader fence) {
    return HttpRequest.newBuilder(
            request, (name, value) -> !name.equalsIgnoreCase(FenceHeader.NAME))
        .header(FenceHeader.NAME, fence.text())
        .build();
  }

  Deadline deadline() {
    return deadline;
  }

  /** The body is read as the caller likes only if it is the service's own. */
  HttpResponse.BodyHandler<Optional<B>> handler() {
    return info ->
        HttpFloor.kind(info.headers()).equals(Optional.of(FenceAnswer.Kind.ACCEPTED))
            ? HttpResponse.BodySubscribers.mapping(handler.apply(info), Optional::ofNullable)
            : HttpResponse.BodySubscribers.replacing(Optional.empty());
  }

  void answered(HttpResponse<Optional<B>> response) {
    reply = Optional.of(new Reply<>(response.statusCode(), response.headers(), response.body()));
  }

  /**
   * What a service answered to a request whose fence it accepted.
   *
   * @param status of the service's own
   * @param headers of the answer
   * @param body as its handler read it; empty if it discards bodies
   */
  public record Reply<B>(int status, HttpHeaders headers, Optional<B> body) {

    /** Checks the parts. */
    public Reply {
      requireNonNull(headers, "headers");
      requireNonNull(body, "body");
    }
  }
}
