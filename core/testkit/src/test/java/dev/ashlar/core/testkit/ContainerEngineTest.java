package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerEngineTest {

  @Test
  void anEngineThatAnswersIsFound(@TempDir Path folder) throws Exception {
    Path socket = folder.resolve("engine.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread engine = new Thread(() -> answerOnce(server));
      engine.start();

      assertThat(new ContainerEngine(Map.of("DOCKER_HOST", "unix://" + socket)).answers()).isTrue();
      engine.join();
    }
  }

  private static void answerOnce(ServerSocketChannel server) {
    try (SocketChannel client = server.accept()) {
      client.read(ByteBuffer.allocate(256));
      client.write(StandardCharsets.US_ASCII.encode("HTTP/1.0 200 OK\r\n\r\nOK"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noEngineMeansSkippedUnlessEnginesAreRequired(@TempDir Path folder) {
    String nobody = "unix://" + folder.resolve("nobody.sock");

    assertThat(new ContainerEngine(Map.of("DOCKER_HOST", nobody)).answers()).isFalse();
    assertThat(ContainerEngine.result(false, false).isDisabled()).isTrue();
    assertThatThrownBy(() -> ContainerEngine.result(false, true))
        .hasMessageContaining("container engine: no answer");
  }
}
