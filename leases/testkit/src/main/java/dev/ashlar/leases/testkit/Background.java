package dev.ashlar.leases.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A task in a thread of its own, whose end a test waits for by looking. */
final class Background<T> {

  private final FutureTask<T> task;

  private Background(FutureTask<T> task) {
    this.task = task;
  }

  static <T> Background<T> start(String name, Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return new Background<>(task);
  }

  boolean isDone() {
    return task.isDone();
  }

  /** Returns what the task returned, or throws what it threw; to be asked once it is done. */
  T result() throws Exception {
    if (!task.isDone()) {
      throw new AssertionError("task: still running (expected: done)");
    }
    try {
      return task.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof Exception exception) {
        throw exception;
      }
      String message = cause == null ? "task: failed" : String.valueOf(cause.getMessage());
      throw new AssertionError(message, cause);
    }
  }
}
