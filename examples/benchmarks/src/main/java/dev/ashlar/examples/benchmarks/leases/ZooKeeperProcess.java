package dev.ashlar.examples.benchmarks.leases;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ZooKeeper server in another JVM. */
final class ZooKeeperProcess implements LockServer {

  private static final Pattern RECEIVED = Pattern.compile("Received: (\\d+)");
  private static final Pattern ZXID = Pattern.compile("Zxid: 0x([0-9a-f]+)");

  private final Process process;
  private final int port;
  private long questions;

  private ZooKeeperProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static ZooKeeperProcess start(Path folder) throws IOException {
    Path data = Files.createDirectories(folder.resolve("zookeeper"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+UseG1GC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ZooKeeperNode.class.getName(),
                    data.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII)).readLine();
    if (line == null) {
      throw new IOException("ZooKeeper: ended (expected: its port)");
    }
    return new ZooKeeperProcess(process, Integer.parseInt(line));
  }

  @Override
  public int port() {
    return port;
  }

  /** The server counts these questions among its requests. */
  @Override
  public Load load() throws IOException {
    String answer;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("srvr".getBytes(US_ASCII));
      answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
    questions++;
    return new Load(number(RECEIVED, answer, 10) - questions, number(ZXID, answer, 16));
  }

  private static long number(Pattern pattern, String text, int radix) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("srvr: " + text + " (expected: " + pattern + ")");
    }
    return Long.parseLong(found.group(1), radix);
  }

  @Override
  public void close() {
    // Its files are removed next.
    process.destroyForcibly().onExit().join();
  }
}
