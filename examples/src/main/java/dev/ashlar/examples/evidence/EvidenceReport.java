package dev.ashlar.examples.evidence;

import dev.ashlar.core.MalformedDataException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gathers the evidence of all modules into one table, and fails the build where a promise has no
 * proof.
 *
 * <p>Run by {@code mvn verify} as its last step: {@code EvidenceReport ROOT OUTPUT
 * full|quick|containers}. Writes {@code evidence.md} for people and {@code evidence.json} for
 * programs; prints the totals, each warning and each violation; a warning fails nothing. Ends with
 * 0, with 1 if there is a violation, with 2 if it cannot read its input.
 */
public final class EvidenceReport {

  private EvidenceReport() {}

  /** Runs the step; see the class. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 3) {
      System.err.println("usage: EvidenceReport ROOT OUTPUT full|quick|containers");
      System.exit(2);
    }
    int status;
    try {
      Mode mode = Mode.of(args[2]);
      List<ExpectedSubject> subjects = Checkout.subjects();
      status = run(Path.of(args[0]), Path.of(args[1]), mode, subjects, System.out);
    } catch (IOException | MalformedDataException | IllegalArgumentException e) {
      System.err.println("evidence: " + e.getMessage());
      status = 2;
    }
    System.exit(status);
  }

  static int run(Path root, Path output, Mode mode, List<ExpectedSubject> subjects, PrintStream out)
      throws IOException, InterruptedException {
    Path tree = root.toAbsolutePath().normalize();
    Evidence evidence = Checkout.read(tree, subjects);
    List<String> violations = Judgement.of(evidence, mode);
    String commit = GitCommit.of(tree);
    Files.createDirectories(output);
    Files.writeString(output.resolve("evidence.md"), Table.of(commit, evidence, mode, violations));
    Files.write(output.resolve("evidence.json"), Export.of(commit, evidence).toJson().toArray());
    out.println("evidence: " + Table.totals(evidence));
    out.println("evidence: " + mode + " build of " + commit + note(mode));
    out.println("evidence: " + output.resolve("evidence.md"));
    evidence.warnings().forEach(warning -> out.println("WARNING: " + warning));
    violations.forEach(violation -> out.println("NOT PROVED: " + violation));
    return violations.isEmpty() ? 0 : 1;
  }

  private static String note(Mode mode) {
    return switch (mode) {
      case FULL -> "";
      case QUICK -> "; nothing is demanded of engines";
      case CONTAINERS -> "; only failures, and skips of container tests, count";
    };
  }
}
