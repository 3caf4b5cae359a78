package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.leases.testkit.ClientPath.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A path to a server that notes each byte, and answers with the next one. */
class ClientPathTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Integer> heard = new CopyOnWriteArrayList<>();
  private final List<Socket> opened = new ArrayList<>();
  private ServerSocket server;
  private Background<Boolean> serving;
  private ClientPath path;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    serving = Background.start("server", this::serve);
    path = ClientPath.to("127.0.0.1", server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : opened) {
      socket.close();
    }
    path.close();
    server.close();
  }

  private boolean serve() throws IOException {
    while (true) {
      Socket client = server.accept();
      Background<Boolean> unused = Background.start("session", () -> answer(client));
    }
  }

  private boolean answer(Socket client) throws IOException {
    try (client) {
      for (int b = client.getInputStream().read(); b >= 0; b = client.getInputStream().read()) {
        heard.add(b);
        client.getOutputStream().write(b + 1);
      }
    }
    return true;
  }

  private Socket client() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), path.port());
    opened.add(socket);
    return socket;
  }

  private static int answered(Socket client) throws Exception {
    Background<Integer> answer = Background.start("client", () -> client.getInputStream().read());
    Eventually.holds("an answer", PATIENCE, answer::isDone);
    return answer.result();
  }

  private void awaitHeard(Integer... bytes) throws Exception {
    Eventually.holds("bytes at the server", PATIENCE, () -> heard.size() >= bytes.length);
    assertThat(heard).containsExactly(bytes);
  }

  @Test
  void everythingPassesUnlessItIsHeld() throws Exception {
    Socket client = client();
    client.getOutputStream().write(1);
    assertThat(answered(client)).isEqualTo(2);

    client.shutdownOutput();
    assertThat(answered(client)).isEqualTo(-1);
    Eventually.holds("the end", PATIENCE, () -> path.connections() == 0);
  }

  @Test
  void anAnswerThatIsHeldArrivesWhenThePathIsHealed() throws Exception {
    Socket client = client();
    path.hold(Way.TO_CLIENT);
    client.getOutputStream().write(1);
    awaitHeard(1);
    Background<Integer> answer = Background.start("client", () -> client.getInputStream().read());
    client.getOutputStream().write(7);
    awaitHeard(1, 7);
    assertThat(answer.isDone()).isFalse();

    path.heal();

    Eventually.holds("an answer", PATIENCE, answer::isDone);
    assertThat(answer.result()).isEqualTo(2);
    assertThat(answered(client)).isEqualTo(8);
  }

  @Test
  void aRequestThatIsHeldArrivesLateAlsoIfItsClientIsGone() throws Exception {
    Socket client = client();
    path.hold(Way.TO_SERVER);
    client.getOutputStream().write(1);
    client.close();
    // Another connection on another path is heard, and that one is not.
    try (ClientPath other = ClientPath.to("127.0.0.1", server.getLocalPort());
        Socket direct = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
      direct.getOutputStream().write(9);
      assertThat(answered(direct)).isEqualTo(10);
    }
    // A client is connected before the path has taken its connection up.
    Eventually.holds("the connection", PATIENCE, () -> path.connections() == 1);
    assertThat(heard).containsExactly(9);

    path.heal();

    awaitHeard(9, 1);
    Eventually.holds("the end", PATIENCE, () -> path.connections() == 0);
  }

  @Test
  void anAnswerThatIsDroppedNeverArrives() throws Exception {
    Socket client = client();
    path.hold(Way.TO_CLIENT);
    client.getOutputStream().write(1);
    awaitHeard(1);

    path.drop();
    path.heal();

    assertThatThrownBy(() -> require(answered(client) >= 0)).isInstanceOf(IOException.class);
    Socket next = client();
    next.getOutputStream().write(2);
    assertThat(answered(next)).isEqualTo(3);
  }

  /** An end and a break are the same here: the answer was none of either. */
  private static void require(boolean answer) throws IOException {
    if (!answer) {
      throw new IOException("the connection ended");
    }
  }

  @Test
  void nobodyIsToldOfAnEndOnAWayThatIsHeld() throws Exception {
    Socket client = client();
    client.getOutputStream().write(1);
    assertThat(answered(client)).isEqualTo(2);
    path.hold(Way.TO_SERVER, Way.TO_CLIENT);
    client.close();
    Socket other = client();
    other.getOutputStream().write(5);
    Eventually.holds("two connections", PATIENCE, () -> path.connections() == 2);
    assertThat(heard).containsExactly(1);

    path.heal();

    assertThat(answered(other)).isEqualTo(6);
    Eventually.holds("the end of one", PATIENCE, () -> path.connections() == 1);
  }

  @Test
  void aServerThatIsNotThereLooksLikeAnEnd() throws Exception {
    server.close();
    // Until its thread is back, a server that is closed takes a connection yet.
    Eventually.holds("the server's end", PATIENCE, serving::isDone);
    Socket client = client();

    assertThatThrownBy(() -> require(answered(client) >= 0)).isInstanceOf(IOException.class);
  }

  @Test
  void afterItsEndThePathTakesNobody() throws Exception {
    Socket client = client();
    client.getOutputStream().write(1);
    assertThat(answered(client)).isEqualTo(2);

    path.close();

    assertThatThrownBy(() -> require(answered(client) >= 0)).isInstanceOf(IOException.class);
    // Until its thread is back, a path that is closed takes a connection yet, and ends it.
    assertThatThrownBy(() -> require(answered(client()) >= 0)).isInstanceOf(IOException.class);
    assertThat(path.connections()).isZero();
  }

  @Test
  void oneConnectionTooManyEnds() throws Exception {
    for (int i = 0; i < ClientPath.CONNECTIONS_MAX; i++) {
      client();
    }
    Eventually.holds(
        "all connections", PATIENCE, () -> path.connections() == ClientPath.CONNECTIONS_MAX);
    Socket extra = client();

    assertThatThrownBy(() -> require(answered(extra) >= 0)).isInstanceOf(IOException.class);
    assertThat(path.connections()).isEqualTo(ClientPath.CONNECTIONS_MAX);
  }
}
