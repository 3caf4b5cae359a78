package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.service.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One start of a service in a process of its own, as its parent sees it. */
final class ChildProcess {

  /*
   * -Xmx64m                     a service keeps little in memory, and there are six of them
   * -XX:+UseSerialGC            no threads that a heap this small does not need
   * -XX:TieredStopAtLevel=1     most of its life is its start: six processes share the processors
   */
  private static final List<String> OPTIONS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private final Service service;
  private final TimeSource time;
  private final Process process;
  private final Writer toChild;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ready;
  private boolean ended;
  private boolean killed;
  private long asked;
  private long answered;
  private long unsent;

  ChildProcess(Service service, ChildOrder order, TimeSource time, Listener listener)
      throws IOException {
    this.service = service;
    this.time = time;
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder.command().addAll(OPTIONS);
    builder.command().addAll(List.of("-cp", System.getProperty("java.class.path")));
    builder.command().add(Child.class.getName());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    process = builder.start();
    toChild = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(() -> read(listener), service.label() + "-lines");
    reader.setDaemon(true);
    reader.start();
    say(ChildOrder.CODEC.encode(order).toUtf8());
  }

  private void read(Listener listener) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(line, listener);
      }
    } catch (IOException e) {
      // The stream of a process that was killed can end in any way.
    }
    change(() -> ended = true);
    listener.ended(this);
  }

  private void hear(String line, Listener listener) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "ready" -> {
        change(() -> ready = true);
        listener.ready(this, Integer.parseInt(words[1]));
      }
      case "unsent" ->
          change(
              () -> {
                answered++;
                unsent = Long.parseLong(words[1]);
              });
      case "fault" -> listener.fault(words[1], words[2], Long.parseLong(words[3]));
      case "step" -> listener.step(this, words[1], Long.parseLong(words[2]));
      default -> throw new IllegalStateException(service.label() + " said: " + words[0]);
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says a line; whoever has ended does not hear it. */
  private void say(String line) {
    lock.lock();
    try {
      toChild.write(line + "\n");
      toChild.flush();
    } catch (IOException e) {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  Service service() {
    return service;
  }

  /** Tells where another service answers from now on. */
  void tellAddress(Service other, int port) {
    say("address " + other.label() + " " + port);
  }

  /** Lets a child go on that asked at a step. */
  void letGoOn(String step, long orderNumber) {
    say("go " + step + " " + orderNumber);
  }

  /** Kills the process with a signal that it cannot see coming. */
  void kill() {
    change(() -> killed = true);
    process.destroyForcibly();
  }

  boolean wasKilled() {
    lock.lock();
    try {
      return killed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end of the process; there is no other way for it to go once it was killed. */
  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  OptionalLong unsent(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!ready || ended) {
        return OptionalLong.empty();
      }
      long mine = ++asked;
      say("unsent");
      while (answered < mine && !ended && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      return answered >= mine && !ended ? OptionalLong.of(unsent) : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the child to end in good order.
   *
   * @return whether it did
   */
  boolean stop(Deadline deadline) throws InterruptedException {
    say("stop");
    lock.lockInterruptibly();
    try {
      while (!ended && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Is told what a child says, in the thread that reads it. */
  interface Listener {

    /** A child works, and answers on this port if it is not zero. */
    void ready(ChildProcess child, int port);

    /** A fault was injected. */
    void fault(String kind, String service, long orderNumber);

    /** A child is at a step and waits. */
    void step(ChildProcess child, String step, long orderNumber);

    /** A child says nothing more. */
    void ended(ChildProcess child);
  }
}
