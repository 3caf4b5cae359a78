package dev.ashlar.examples.house.samples.messaging;

/** Each writes on a console that belongs to the application. */
public final class Console {
  private Console() {}

  public static final class Out {
    public void say() {
      System.out.println("x");
    }
  }

  public static final class Err {
    public void say() {
      System.err.println("x");
    }
  }

  public static final class Trace {
    public void say(Throwable cause) {
      cause.printStackTrace();
    }
  }
}
