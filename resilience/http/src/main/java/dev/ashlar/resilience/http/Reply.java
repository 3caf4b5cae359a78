package dev.ashlar.resilience.http;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;

/**
 * An answer of a service, or a refusal.
 *
 * @param closes whether the connection is of no use afterwards
 */
record Reply(int status, Headers headers, String mediaType, Bytes body, boolean closes) {

  private static final String JSON = "application/json";

  /** A failure, as a small document; neither text has anything of the request in it. */
  static Reply failure(int status, String error, String detail) {
    String json = "{\"error\":\"" + escaped(error) + "\",\"detail\":\"" + escaped(detail) + "\"}";
    return new Reply(status, Headers.empty(), JSON, Bytes.utf8(json), false);
  }

  /** A failure of a request that no handler got, and none will get. */
  static Reply refusal(int status, String error, String detail) {
    return failure(status, error, detail).with(Wire.EFFECT, Wire.NONE);
  }

  Reply with(String name, String value) {
    return new Reply(status, headers.with(name, value), mediaType, body, closes);
  }

  Reply closing() {
    return new Reply(status, headers, mediaType, body, true);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else {
        escaped.append(c < ' ' || c > '~' ? '?' : c);
      }
    }
    return escaped.toString();
  }
}
