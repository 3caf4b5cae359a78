package dev.ashlar.core.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A task in a thread of its own, whose end a test waits for by looking.
 *
 * <p>So a test whose clock is moved by hand can move it between two looks, and one that waits in
 * vain fails with a name instead of hanging.
 *
 * <p><b>Threads.</b> Safe. The thread is a daemon: a task that never ends does not keep the build.
 *
 * @param <T> what the task returns
 * @see Eventually
 */
public final class Background<T> {

  private final FutureTask<T> task;
  private final Thread thread;

  private Background(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  /**
   * Starts a task.
   *
   * @param name of its thread
   */
  public static <T> Background<T> start(String name, Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return new Background<>(task, thread);
  }

  /** Interrupts the task's thread; nothing if it has ended. */
  public void interrupt() {
    thread.interrupt();
  }

  /** Returns whether the task has ended, well or not. */
  public boolean isDone() {
    return task.isDone();
  }

  /**
   * Returns what the task returned, or throws what it threw; an {@link Error} comes as the cause of
   * an {@link AssertionError}.
   *
   * @throws AssertionError if it is still running
   */
  public T result() throws Exception {
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
