package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.page.PagePart;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.settle.SettlementJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A schedule as people write it: a fault in each line, {@code #} before what is only for people.
 *
 * <pre>
 *   crash SERVICE at STEP every N
 *   duplicate SERVICE every N
 *   delay SERVICE every N for LENGTH
 *   slow SERVICE every N for LENGTH
 *   late SERVICE every N for LENGTH
 *   outage SERVICE every N for LENGTH
 *   pause settlement every N for LENGTH
 *   fail SERVICE every N times K
 *   refuse SERVICE every N times K
 * </pre>
 *
 * <p>Each may end with {@code most M}. The words behind the service stand in any order.
 *
 * <p><b>Limits.</b> {@value #BYTES_MAX} bytes, so that a wrong file is not read to its end.
 */
public final class FaultFile {

  /** The longest file, in bytes. */
  static final int BYTES_MAX = 64 << 10;

  private static final String DEFAULT_NAME = "faults.txt";
  private static final String RESOURCE = "/dev/ashlar/examples/shop/" + DEFAULT_NAME;

  private static final Map<String, List<String>> CLAUSES =
      Map.of(
          "crash", List.of("at", "every"),
          "duplicate", List.of("every"),
          "delay", List.of("every", "for"),
          "slow", List.of("every", "for"),
          "late", List.of("every", "for"),
          "outage", List.of("every", "for"),
          "pause", List.of("every", "for"),
          "fail", List.of("every", "times"),
          "refuse", List.of("every", "times"));

  private static final Set<String> ON_QUEUES = Set.of("delay", "refuse");
  private static final Set<String> ON_PAGES = Set.of("slow", "fail");

  private FaultFile() {}

  /** Returns the text of the schedule that is used where none is given. */
  public static String standardText() {
    try (InputStream in = FaultFile.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + ": missing (expected: in the jar)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + ": unreadable", e);
    }
  }

  /** Returns the text of a file that somebody has written. */
  public static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(BYTES_MAX + 1);
    if (bytes.length > BYTES_MAX) {
      throw new IOException("too long (expected: at most " + BYTES_MAX + " bytes)");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Reads a schedule.
   *
   * @param name stands before each complaint
   * @throws IllegalArgumentException {@code NAME:LINE: reason}
   */
  public static Schedule parse(String name, String text) {
    List<Fault> faults = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        try {
          faults.add(parse(content));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
        }
      }
    }
    return new Schedule(faults);
  }

  private static Fault parse(String content) {
    List<String> words = Arrays.asList(content.split("\\s+", -1));
    String kind = words.get(0);
    List<String> needed = CLAUSES.get(kind);
    if (needed == null) {
      throw new IllegalArgumentException(
          "fault "
              + Clauses.quoted(kind)
              + " (expected: "
              + String.join(", ", FaultCounts.KINDS)
              + ")");
    }
    String named = words.size() > 1 ? words.get(1) : "";
    Target target =
        target(named)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "service " + Clauses.quoted(named) + " (expected: " + targets() + ")"));
    requireFitting(kind, target);
    Clauses clauses = Clauses.of(words.subList(2, words.size()), needed);
    return fault(kind, new Fault.When(target, clauses.every(), clauses.most()), clauses);
  }

  private static Optional<Target> target(String label) {
    Optional<Target> service = Service.named(label).map(found -> found);
    Optional<Target> job =
        Optional.<Target>of(SettlementJob.SETTLEMENT).filter(each -> each.label().equals(label));
    Optional<Target> part = PagePart.named(label).map(found -> found);
    return service.or(() -> part).or(() -> job);
  }

  private static void requireFitting(String kind, Target target) {
    if (kind.equals("pause") != (target instanceof SettlementJob)) {
      throw new IllegalArgumentException(
          kind + ": not for " + target.label() + " (expected: pause and settlement go together)");
    }
    if (target instanceof PagePart && !ON_PAGES.contains(kind)) {
      throw new IllegalArgumentException(
          kind + ": not for " + target.label() + " (expected: slow or fail)");
    }
    if (target instanceof Service service
        && service.isAskedOverHttp()
        && ON_QUEUES.contains(kind)) {
      throw new IllegalArgumentException(
          kind + ": " + service.label() + " has no queue (expected: another service)");
    }
  }

  private static Fault fault(String kind, Fault.When when, Clauses clauses) {
    return switch (kind) {
      case "crash" -> new Fault.Crash(when, step((Service) when.target(), clauses));
      case "duplicate" -> new Fault.Duplicate(when);
      case "delay" -> new Fault.Delay(when, clauses.length());
      case "slow" -> new Fault.Slow(when, clauses.length());
      case "late" -> new Fault.Late(when, clauses.length());
      case "outage" -> new Fault.Outage(when, clauses.length());
      case "pause" -> new Fault.Pause(when, clauses.length());
      case "fail" -> new Fault.Fail(when, clauses.times());
      default -> new Fault.Refuse(when, clauses.times());
    };
  }

  private static Step step(Service service, Clauses clauses) {
    Step step = clauses.step();
    if (step == Step.SENT && service.tells().isEmpty()) {
      throw new IllegalArgumentException(
          "step 'sent': " + service.label() + " sends nothing (expected: orders or payment)");
    }
    if (step == Step.PAID && service != Service.ORDERS) {
      throw new IllegalArgumentException(
          "step 'paid': " + service.label() + " does not call payment (expected: orders)");
    }
    return step;
  }

  private static String targets() {
    List<Target> all = new ArrayList<>();
    all.addAll(List.of(Service.values()));
    all.addAll(List.of(PagePart.values()));
    all.addAll(List.of(SettlementJob.values()));
    return all.stream().map(Target::label).collect(Collectors.joining(", "));
  }
}
