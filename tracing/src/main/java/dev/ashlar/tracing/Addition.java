package dev.ashlar.tracing;

import dev.ashlar.core.Headers;

/**
 * Headers that grow by what is added, as long as the cap and the headers' own bounds have room.
 *
 * <p>What has no room is left out: a call must not fail because it is observed.
 */
final class Addition {

  private Headers headers;
  private int roomBytes;

  Addition(Headers headers, int roomBytes) {
    this.headers = headers;
    this.roomBytes = roomBytes;
  }

  boolean hasRoomFor(String name, String value) {
    return name.length() + value.length() <= roomBytes;
  }

  Addition add(String name, String value) {
    if (hasRoomFor(name, value)) {
      try {
        headers = headers.with(name, value);
        roomBytes -= name.length() + value.length();
      } catch (IllegalArgumentException full) {
        // The caller's own headers fill the bounds of Headers.
        return this;
      }
    }
    return this;
  }

  Addition without(String name) {
    headers = headers.without(name);
    return this;
  }

  Headers headers() {
    return headers;
  }
}
