package dev.ashlar.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/*
 * The file of one test JVM, one JSON object to a line:
 *
 *   {"type":"row","property":"QUEUE-7","subject":"memory","test":"MemoryQueueTest.aLateAck...",
 *    "result":"passed","reason":"","guarantee":"lease","guarantees":["fifo","lease"],
 *    "tags":[]}
 *   {"type":"twin","property":"QUEUE-7","twin":"AcksEarly","result":"caught"}
 *
 * The first plan of a JVM overwrites what an earlier build left; later plans of the same JVM add to
 * it, because surefire may start one plan for each class. Each line is written at once, so that what
 * was proved before a hanging test was killed can still be read.
 */

/** Where the rows of this test JVM go; nowhere if no folder is set. */
final class EvidenceLog {

  static final String FOLDER = "evidence.dir";
  static final String FILE = "evidence.file";

  private static final EvidenceLog OF_THIS_JVM =
      new EvidenceLog(System.getProperty(FOLDER, ""), System.getProperty(FILE, "tests.jsonl"));

  private final String folder;
  private final String file;
  private boolean started;

  EvidenceLog(String folder, String file) {
    this.folder = folder;
    this.file = file;
  }

  static EvidenceLog ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** Drops what an earlier build left, the first time it is called. */
  synchronized void start() {
    if (!started) {
      started = true;
      write(List.of(), StandardOpenOption.TRUNCATE_EXISTING);
    }
  }

  synchronized void add(JsonLine line) {
    start();
    write(List.of(line.toString()), StandardOpenOption.APPEND);
  }

  private void write(List<String> lines, StandardOpenOption how) {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Path path = Files.createDirectories(Path.of(folder)).resolve(file);
      Files.write(path, lines, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
