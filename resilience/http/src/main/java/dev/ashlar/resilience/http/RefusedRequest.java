package dev.ashlar.resilience.http;

/** Ends the reading of a request that no handler will get. */
final class RefusedRequest extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  RefusedRequest(Reply reply) {
    super("refused with " + reply.status(), null, false, false);
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }
}
