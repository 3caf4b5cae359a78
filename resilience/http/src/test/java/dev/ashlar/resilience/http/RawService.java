package dev.ashlar.resilience.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that reads each request's head and answers all with the same bytes, then closes. */
final class RawService implements AutoCloseable {

  private final ServerSocket socket;
  private final String answer;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** Starts the service; an empty answer leaves its callers waiting. */
  RawService(String answer) throws IOException {
    this.socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    this.answer = answer.replace("\n", "\r\n");
    Thread thread = new Thread(this::serve, "raw-service");
    thread.setDaemon(true);
    thread.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  List<String> heads() {
    return heads;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket peer = socket.accept();
        open.add(peer);
        heads.add(head(peer.getInputStream()));
        if (!answer.isEmpty()) {
          peer.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
          peer.shutdownOutput();
        }
      } catch (IOException e) {
        // Closed, or a caller that went away.
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket peer : open) {
      peer.close();
    }
  }
}
