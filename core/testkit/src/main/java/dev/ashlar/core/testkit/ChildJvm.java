package dev.ashlar.core.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A class of the tests in a process of its own, that can be stopped, continued and killed: what no
 * code in it can notice, delay or catch.
 *
 * <p><b>Guarantees.</b> Of what the child writes to its standard output, all that ended with a line
 * break before it died is heard, and nothing that was torn by its death. What it writes to its
 * standard error is shown. A child that still lives when this JVM shuts down is killed, also if it
 * was stopped.
 *
 * <p><b>Not guaranteed.</b> That it ends with a JVM that is itself killed by force: nothing is left
 * then that could do it.
 *
 * <p><b>Failures.</b> {@link AssertionError} where the child does not do in time what a test waits
 * for.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Stopping and continuing need a system with signals. {@value #LINES_MAX} lines
 * are kept, and more of them fail the test.
 *
 * <pre>{@code
 * try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.SMALL, "ends", "7")) {
 *   assertThat(child.awaitLine("began", PATIENCE)).isEqualTo("began ends 7");
 *   assertThat(child.awaitEnd(PATIENCE)).isEqualTo(7);
 * }
 * }</pre>
 */
public final class ChildJvm implements AutoCloseable {

  /** Options that let it start quickly and take little. */
  public static final List<String> SMALL = small("64m");

  /** The most lines that are kept of one child. */
  public static final int LINES_MAX = 1_000_000;

  private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> LIVING.forEach(Process::destroyForcibly), "children-killer"));
  }

  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final List<String> lines = new ArrayList<>();
  private boolean silent;

  private ChildJvm(Process process) {
    this.process = process;
  }

  /** Returns options that let it start quickly, with a heap of some size, such as {@code 48m}. */
  public static List<String> small(String heap) {
    return List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  }

  /**
   * Starts a main class.
   *
   * @param main a public class with a main method, which may be nested in a test
   * @param options of its JVM, such as {@link #SMALL}
   */
  public static ChildJvm start(Class<?> main, List<String> options, String... arguments)
      throws IOException {
    return start(command(main, options, arguments));
  }

  /** Starts a command that was made of {@link #command}. */
  public static ChildJvm start(List<String> command) throws IOException {
    ChildJvm child =
        new ChildJvm(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    LIVING.add(child.process);
    CompletableFuture<?> unused =
        child.process.onExit().thenAccept(process -> LIVING.remove(process));
    Thread reader = new Thread(child::listen, "child-" + child.process.pid());
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  /** Returns the command that starts a main class, for those who need it within another one. */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(main), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Where the parts lie that this JVM has, as modules or on its class path, and the tests. */
  private static String classPath(Class<?> main) {
    String file = main.getName().substring(main.getPackageName().length() + 1) + ".class";
    Path place = Path.of(URI.create(String.valueOf(main.getResource(file))));
    String ups = "../".repeat(main.getPackageName().split("\\.", -1).length + 1);
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.of(
            place.resolve(ups).normalize().toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""))
        .filter(part -> !part.isEmpty())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Only what ends with a line break was told: the last line may be torn. */
  private void listen() {
    StringBuilder line = new StringBuilder();
    try (Reader told = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      char[] some = new char[8192];
      for (int n = told.read(some); n >= 0; n = told.read(some)) {
        for (int i = 0; i < n; i++) {
          if (some[i] == '\n') {
            heard(line.toString());
            line.setLength(0);
          } else {
            line.append(some[i]);
          }
        }
      }
    } catch (IOException e) {
      // Its end is the child's end.
    } finally {
      locked(() -> silent = true);
    }
  }

  private void heard(String line) {
    locked(
        () -> {
          if (lines.size() >= LINES_MAX) {
            throw new AssertionError("child: more than " + LINES_MAX + " lines");
          }
          lines.add(line);
        });
  }

  private void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns what it has told so far. */
  public List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** Returns its number, for the system's tools. */
  public long pid() {
    return process.pid();
  }

  /** Writes a line to its standard input. */
  public void tell(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  /**
   * Waits until it has told so many lines in all, or has ended.
   *
   * @return all that it has told
   */
  public List<String> awaitLines(int n, Duration patience) throws InterruptedException {
    await(n + " lines", () -> lines.size() >= n || silent, patience);
    return lines();
  }

  /** Waits for a line that begins so, and returns it. */
  public String awaitLine(String beginning, Duration patience) throws InterruptedException {
    await(beginning, () -> silent || lineOf(beginning) >= 0, patience);
    lock.lock();
    try {
      int at = lineOf(beginning);
      if (at < 0) {
        throw new AssertionError("child: ended without " + beginning);
      }
      return lines.get(at);
    } finally {
      lock.unlock();
    }
  }

  private int lineOf(String beginning) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(beginning)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Kills it as soon as it has told so many lines, and returns all that it told until its death.
   */
  public List<String> killAfter(int n, Duration patience) throws InterruptedException {
    try {
      List<String> soFar = awaitLines(n, patience);
      if (soFar.size() < n) {
        throw new AssertionError("child: ended after " + soFar.size() + " lines");
      }
    } finally {
      kill();
    }
    awaitEnd(patience);
    return lines();
  }

  /** Waits until it has ended, well, and returns all that it told. */
  public List<String> linesToEnd(Duration patience) throws InterruptedException {
    int code = awaitEnd(patience);
    if (code != 0) {
      throw new AssertionError("child: ended with " + code + " (expected: 0), told " + lines());
    }
    return lines();
  }

  /** Waits until it has ended and all is heard, and returns its exit value. */
  public int awaitEnd(Duration patience) throws InterruptedException {
    await("its end", () -> silent && !process.isAlive(), patience);
    return process.exitValue();
  }

  private void await(String what, Look condition, Duration patience) throws InterruptedException {
    Deadline deadline = Deadline.after(patience, TimeSource.system());
    Duration look = Duration.ofMillis(100);
    lock.lockInterruptibly();
    try {
      while (!condition.holds()) {
        if (deadline.hasExpired()) {
          throw new AssertionError("child: " + what + " not within " + patience);
        }
        boolean unused = TimeSource.system().await(changed, deadline.shortenedTo(look));
      }
    } finally {
      lock.unlock();
    }
  }

  @FunctionalInterface
  private interface Look {
    boolean holds();
  }

  /** Stops it in the middle of whatever it does, as a hypervisor that takes its processor away. */
  public void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on where it was. */
  public void go() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    int code = kill.waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + name + ": " + code);
    }
  }

  /** Ends it by a signal that cannot be caught; what it has said is still heard. */
  public void kill() {
    // By its handle: the process itself would close the stream.
    boolean unused = process.toHandle().destroyForcibly();
  }

  /** Kills it, if it still lives. */
  @Override
  public void close() {
    kill();
  }
}
