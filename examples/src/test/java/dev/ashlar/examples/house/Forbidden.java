package dev.ashlar.examples.house;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.regex.Pattern;

/** What the JDK offers and the house does not take, one list per rule. */
final class Forbidden {

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.util.Calendar.getInstance");
  private static final Pattern JAVA_TIME_CLOCKS =
      Pattern.compile("java\\.time\\..*\\.(now|system|systemUTC|systemDefaultZone|tick\\w*)");

  private static final Set<String> SLEEPS =
      Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep");
  private static final Set<String> WAITS =
      Set.of(
          "java.util.concurrent.TimeUnit.timedJoin",
          "java.util.concurrent.TimeUnit.timedWait",
          "java.util.concurrent.locks.LockSupport.parkNanos",
          "java.util.concurrent.locks.LockSupport.parkUntil");
  private static final Set<String> WAITS_IF_LIMITED =
      Set.of("java.lang.Object.wait", "java.lang.Thread.join");
  private static final Pattern CONDITION_WAITS =
      Pattern.compile("java\\.util\\.concurrent\\.locks\\..*\\.(awaitNanos|awaitUntil)");

  private static final Set<String> TIMERS =
      Set.of(
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.concurrent.ScheduledExecutorService",
          "java.util.concurrent.ScheduledThreadPoolExecutor",
          "java.util.concurrent.ScheduledFuture",
          "java.util.concurrent.DelayQueue");

  private static final Set<String> CHANCE =
      Set.of(
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of");
  private static final Set<String> CHANCE_WITHOUT_ARGUMENT =
      Set.of(
          "java.util.Random.<init>",
          "java.util.SplittableRandom.<init>",
          "java.util.random.RandomGeneratorFactory.create");

  private Forbidden() {}

  static boolean isClock(JavaAccess<?> access) {
    String target = target(access);
    return CLOCKS.contains(target)
        || JAVA_TIME_CLOCKS.matcher(target).matches()
        || (target.equals("java.util.Date.<init>") && parameters(access) == 0);
  }

  static boolean isSleep(JavaAccess<?> access) {
    return SLEEPS.contains(target(access));
  }

  static boolean isTimedWait(JavaAccess<?> access) {
    String target = target(access);
    return isSleep(access)
        || WAITS.contains(target)
        || (WAITS_IF_LIMITED.contains(target) && parameters(access) > 0)
        || CONDITION_WAITS.matcher(target).matches()
        || (isOfLocks(access) && takesTimeUnit(access));
  }

  /** Waiting with a limit for other threads: on a latch, a queue, a future, a process. */
  static boolean isTimedMeeting(JavaAccess<?> access) {
    return !isOfLocks(access) && takesTimeUnit(access);
  }

  static boolean isTimer(JavaClass type) {
    return TIMERS.contains(type.getName());
  }

  static boolean isChance(JavaAccess<?> access) {
    String target = target(access);
    return CHANCE.contains(target)
        || access.getTargetOwner().isAssignableTo("java.security.SecureRandom")
        || (CHANCE_WITHOUT_ARGUMENT.contains(target) && parameters(access) == 0)
        || (target.equals("java.util.Collections.shuffle") && parameters(access) == 1);
  }

  static boolean isConsole(JavaAccess<?> access) {
    String target = target(access);
    return target.equals("java.lang.System.out")
        || target.equals("java.lang.System.err")
        || (access.getName().equals("printStackTrace") && parameters(access) == 0);
  }

  static boolean isLoggerOfTheJdk(JavaClass type) {
    return Neighbours.isBelow(type, "java.util.logging")
        || type.getName().startsWith("java.lang.System$Logger");
  }

  static boolean isLogger(JavaClass type) {
    return Neighbours.isBelow(type, "org.slf4j")
        || Neighbours.isBelow(type, "org.apache.logging")
        || Neighbours.isBelow(type, "org.apache.commons.logging")
        || Neighbours.isBelow(type, "ch.qos.logback");
  }

  static boolean isObjectStream(JavaClass type) {
    return type.getName().equals("java.io.ObjectInputStream")
        || type.getName().equals("java.io.ObjectOutputStream");
  }

  static boolean isThreadLocal(JavaClass type) {
    return type.getName().equals("java.lang.ThreadLocal")
        || type.getName().equals("java.lang.InheritableThreadLocal");
  }

  /**
   * In java.util.concurrent a method with a unit of time is a wait with a limit, except for the
   * arithmetic of the unit itself. Constructors only keep the unit for later.
   */
  private static boolean takesTimeUnit(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    return (owner.startsWith("java.util.concurrent.") || owner.equals("java.lang.Process"))
        && !owner.equals("java.util.concurrent.TimeUnit")
        && !access.getName().equals("<init>")
        && access.getTarget() instanceof CodeUnitAccessTarget target
        && target.getRawParameterTypes().stream()
            .anyMatch(type -> type.getName().equals("java.util.concurrent.TimeUnit"));
  }

  private static boolean isOfLocks(JavaAccess<?> access) {
    return Neighbours.isBelow(access.getTargetOwner(), "java.util.concurrent.locks");
  }

  private static String target(JavaAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getName();
  }

  private static int parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes().size()
        : 0;
  }
}
