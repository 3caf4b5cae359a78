package dev.ashlar.tracing.collate;

import dev.ashlar.core.CorrelationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The collator's command line: {@code java -jar collate.jar --help}.
 *
 * <p>Ends with 0, with 1 if no line has the id, with 2 if the arguments make no sense, with 3 if a
 * file cannot be read, with 4 if there are too many lines for one timeline, with 5 if the timeline
 * cannot be written to its end. What it prints is ASCII.
 */
public final class Main {

  private static final int FOUND = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_USE = 2;
  private static final int UNREADABLE = 3;
  private static final int TOO_MANY = 4;
  private static final int UNWRITABLE = 5;

  private static final String HELP =
      """
      usage: collate CORRELATION-ID [--max-lines N] FILE...

      Reads JSON log lines, one object to a line, and prints those with the given
      correlation_id as one timeline: causes before effects, and the tree of requests.

        FILE            plain or gzipped; - is the standard input
        --max-lines N   refuse a timeline of more lines (50000)
        --help          print this

      Fields it knows: ts, level, service, process, seq, correlation_id, request_id,
      causation_id, event, target, message, duration_ns, outcome, error_type.
      Lines that are cut off, or no JSON, are counted and left out.

      Ends with 0; 1 no line has the id; 2 bad arguments; 3 a file cannot be read;
      4 more lines than --max-lines; 5 the output cannot be written.
      """;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  Main(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Runs the command line; see the class. */
  public static void main(String[] args) {
    System.exit(new Main(System.in, System.out, System.err).run(List.of(args)));
  }

  int run(List<String> args) {
    if (args.contains("--help")) {
      out.print(HELP);
      return written(FOUND);
    }
    try {
      Request request = Request.of(args);
      return print(request);
    } catch (IllegalArgumentException e) {
      return fail(e.getMessage() + "\ntry --help", BAD_USE);
    } catch (TooManyLinesException e) {
      return fail(e.getMessage() + "\ntry --max-lines", TOO_MANY);
    } catch (UnreadableFileException e) {
      return fail(String.valueOf(e.getMessage()), UNREADABLE);
    }
  }

  private int print(Request request) throws UnreadableFileException {
    Collator collator = Collator.of(request.id(), request.linesMax());
    for (String file : request.files()) {
      read(collator, file);
    }
    Timeline timeline = collator.timeline();
    if (timeline.counts().selected() == 0) {
      return fail(
          "no line has the correlation id "
              + request.id()
              + "; read "
              + timeline.counts().lines()
              + ", of which "
              + timeline.counts().unreadable()
              + " unreadable",
          NOT_FOUND);
    }
    out.print(timeline.text());
    return written(FOUND);
  }

  private void read(Collator collator, String file) throws UnreadableFileException {
    try {
      if (file.equals("-")) {
        collator.read(in);
      } else {
        try (InputStream bytes = Files.newInputStream(Path.of(file))) {
          collator.read(bytes);
        }
      }
    } catch (IOException | InvalidPathException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  /**
   * A stream keeps what went wrong to itself, and half a timeline must not look like a whole one.
   */
  private int written(int status) {
    return out.checkError() ? fail("the output cannot be written", UNWRITABLE) : status;
  }

  private int fail(String message, int status) {
    err.print("collate: " + message + "\n");
    err.flush();
    return status;
  }

  /** What the arguments ask for. */
  private record Request(CorrelationId id, int linesMax, List<String> files) {

    static Request of(List<String> args) {
      List<String> left = new ArrayList<>(args);
      int linesMax = Collator.LINES_USUAL;
      int option = left.indexOf("--max-lines");
      if (option >= 0) {
        String value = option + 1 < left.size() ? left.get(option + 1) : "nothing";
        linesMax = number(value);
        left.subList(option, option + 2).clear();
      }
      Optional<String> unknown = left.stream().filter(arg -> arg.startsWith("--")).findFirst();
      if (unknown.isPresent()) {
        throw new IllegalArgumentException(
            TimelineText.printable(unknown.get()) + ": unknown (expected: --max-lines or --help)");
      }
      if (left.size() < 2) {
        throw new IllegalArgumentException(
            "arguments: " + left.size() + " (expected: a correlation id and at least one file)");
      }
      CorrelationId id =
          CorrelationId.parse(left.get(0))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "correlation id: "
                              + left.get(0).length()
                              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)"));
      return new Request(id, linesMax, List.copyOf(left.subList(1, left.size())));
    }

    private static int number(String text) {
      try {
        int value = Integer.parseInt(text);
        if (value >= 1) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below, as is a number that is too small.
        return refuse(text);
      }
      return refuse(text);
    }

    private static int refuse(String text) {
      throw new IllegalArgumentException(
          "--max-lines: " + TimelineText.printable(text) + " (expected: a number of at least 1)");
    }
  }

  /** A file, or the standard input, that cannot be read to its end. */
  private static final class UnreadableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableFileException(String file, Exception cause) {
      super(TimelineText.printable(file) + ": cannot be read: " + reason(cause), cause);
    }

    private static String reason(Exception cause) {
      return TimelineText.printable(cause.getClass().getSimpleName() + ", " + cause.getMessage());
    }
  }
}
