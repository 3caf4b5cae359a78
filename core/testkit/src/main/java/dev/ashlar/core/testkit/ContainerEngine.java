package dev.ashlar.core.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks the container engine whether it is there, as {@code docker} itself would find it. */
final class ContainerEngine implements ExecutionCondition {

  private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
  private static final long ANSWER_MAX_MILLIS = 5_000;

  private final Map<String, String> environment;

  ContainerEngine() {
    this(System.getenv());
  }

  ContainerEngine(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean required = ContainerTest.REQUIRED.equals(System.getProperty(ContainerTest.MODE));
    return result(answers(), required);
  }

  static ConditionEvaluationResult result(boolean answers, boolean required) {
    if (answers) {
      return ConditionEvaluationResult.enabled("a container engine answers");
    }
    if (required) {
      throw new IllegalStateException(
          "container engine: no answer (expected: one, because "
              + ContainerTest.MODE
              + " is "
              + ContainerTest.REQUIRED
              + ")");
    }
    return ConditionEvaluationResult.disabled("no container engine answers");
  }

  boolean answers() {
    try (SocketChannel channel = SocketChannel.open(address())) {
      channel.write(ascii("GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n"));
      return readStart(channel).startsWith("HTTP/1.");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private SocketAddress address() {
    URI host = URI.create(environment.getOrDefault("DOCKER_HOST", DEFAULT_HOST));
    return "unix".equals(host.getScheme())
        ? UnixDomainSocketAddress.of(host.getPath())
        : new InetSocketAddress(host.getHost(), host.getPort());
  }

  /** Whoever listens but does not answer must not hang a build. */
  private static String readStart(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(64);
    channel.configureBlocking(false);
    try (Selector selector = channel.provider().openSelector()) {
      channel.register(selector, SelectionKey.OP_READ);
      if (selector.select(ANSWER_MAX_MILLIS) == 0) {
        return "";
      }
      channel.read(answer);
    }
    return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
  }

  private static ByteBuffer ascii(String text) {
    return StandardCharsets.US_ASCII.encode(text);
  }
}
