package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.examples.benchmarks.BadUse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who works on a queue.
 *
 * @param producers 1 to 256
 * @param consumers 1 to 256
 * @param batch how many are sent, and received and settled, together; 1 to 1000
 */
record Shape(int producers, int consumers, int batch) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,3})x(\\d{1,3})b(\\d{1,4})");
  private static final int THREADS_MOST = 256;
  private static final int BATCH_MOST = 1000;

  static Shape parse(String word) throws BadUse {
    Matcher form = FORM.matcher(word);
    if (form.matches()) {
      int producers = Integer.parseInt(form.group(1));
      int consumers = Integer.parseInt(form.group(2));
      int batch = Integer.parseInt(form.group(3));
      if (isUpTo(THREADS_MOST, producers)
          && isUpTo(THREADS_MOST, consumers)
          && isUpTo(BATCH_MOST, batch)) {
        return new Shape(producers, consumers, batch);
      }
    }
    throw new BadUse(
        "--shapes: " + word + " (expected: as 8x8b100, up to 256 threads and batches of 1000)");
  }

  private static boolean isUpTo(int most, int number) {
    return number >= 1 && number <= most;
  }

  String title() {
    String turn = batch == 1 ? "one at a time" : "in batches of " + batch;
    return producers + " producers, " + consumers + " consumers, " + turn;
  }
}
