package dev.ashlar.resilience.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, and reads what comes until the connection is closed. */
final class RawClient implements AutoCloseable {

  private static final int REAL_MILLIS = 30_000;

  private final Socket socket;

  RawClient(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout(REAL_MILLIS);
  }

  /**
   * Sends a request and returns the whole answer; the request asks for the end of the connection.
   */
  static String exchange(URI service, String head, String body) throws IOException {
    try (RawClient client = new RawClient(service)) {
      client.send(head.replace("\n", "\r\n") + "\r\n" + body);
      return client.rest();
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads to the end; a connection that was cut ends as well. */
  String rest() throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (SocketException e) {
      return text.toString();
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
