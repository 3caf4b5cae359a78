package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultFile;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.log.RunLogs;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * One service as a process of its own. It talks to its parent in lines:
 *
 * <pre>
 *   parent to child                          child to parent
 *     {...}                  a ChildOrder         ready PORT
 *     address SERVICE PORT   where it is now      step STEP NUMBER            may I go on?
 *     go STEP NUMBER         you may go on        unsent COUNT
 *     unsent                 how many?            fault KIND SERVICE NUMBER   one was injected
 *     stop                   end in good order
 * </pre>
 *
 * A child that comes to a step at which the schedule has a crash asks, and waits; the parent kills
 * it or lets it go on. When the parent is gone the input ends, and the child ends too.
 */
public final class Child {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final PrintStream out;
  private final ChildOrder order;
  private final Service service;
  private final Schedule schedule;
  private final Addresses addresses = new Addresses();
  private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

  private Child(ChildOrder order, PrintStream out) {
    this.order = order;
    this.out = out;
    this.service = Service.named(order.service()).orElseThrow();
    this.schedule = FaultFile.parse("faults", order.faults());
  }

  /** Runs a service until it is told to stop, or its parent is gone. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String first = in.readLine();
    if (first != null) {
      new Child(ChildOrder.CODEC.decode(Bytes.utf8(first)), System.out).run(in);
    }
    // Threads of a service whose broker is gone must not keep the process.
    Runtime.getRuntime().halt(0);
  }

  private void run(BufferedReader in) throws IOException, InterruptedException {
    TimeSource time = TimeSource.system();
    Strategy strategy = Strategy.named(order.strategy()).orElseThrow();
    Lifeline lifeline = new Lifeline(service.label(), time);
    Connections broker =
        new Connections(H2Files.connect(order.port(), H2Files.BROKER, order.password()), lifeline);
    Connections database =
        new Connections(H2Files.openToBeKilled(Path.of(order.folder()), service.label()), lifeline);
    ServiceLog log =
        RunLogs.of(Path.of(order.folder()), strategy, schedule, time)
            .ofOrders(service.label(), () -> false);
    Queues queues =
        new Queues(
            broker.asSource(),
            schedule,
            log.watch(
                (kind, where, number) -> say("fault " + kind + " " + where.label() + " " + number)),
            log,
            time);
    RunningService running =
        RunningService.start(
            service,
            strategy,
            new RunningService.Start(
                String.valueOf(order.start()), database.asSource(), log.watch(this::reached)),
            queues,
            addresses);
    say("ready " + running.port().orElse(0));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("unsent")) {
        say("unsent " + running.unsent(Deadline.after(ANSWER_MAX, time)));
      } else if (line.equals("stop")) {
        running.close();
        database.close();
        log.close();
        return;
      } else if (line.startsWith("go ")) {
        goOn(line.substring(3));
      } else if (line.startsWith("address ")) {
        note(line.split(" ", -1));
      }
    }
  }

  private void note(String[] words) {
    Service.named(words[1]).ifPresent(where -> addresses.put(where, Integer.parseInt(words[2])));
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private void reached(Step step, long orderNumber) throws InterruptedException {
    if (schedule.crashes(service, step, orderNumber)) {
      String place = step.label() + " " + orderNumber;
      CountDownLatch answer = waiting.computeIfAbsent(place, key -> new CountDownLatch(1));
      say("step " + place);
      answer.await();
    }
  }

  private void goOn(String place) {
    CountDownLatch answer = waiting.remove(place);
    if (answer != null) {
      answer.countDown();
    }
  }
}
