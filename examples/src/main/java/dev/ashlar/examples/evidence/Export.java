package dev.ashlar.examples.evidence;

import dev.ashlar.core.Bytes;
import dev.ashlar.serialization.JsonCodec;
import dev.ashlar.serialization.JsonOptions;
import dev.ashlar.serialization.Limits;
import java.util.Comparator;
import java.util.List;

/** The form of {@code evidence.json}, for programs. */
record Export(String commit, List<Row> rows, List<Twin> twins) {

  /** One row, as {@link Line.Row} has it, with its module. */
  record Row(
      String property,
      String subject,
      String module,
      String test,
      String result,
      String reason,
      String guarantee) {}

  /** One twin, as {@link Line.Twin} has it, without a type's name. */
  record Twin(String property, String twin, String result) {}

  /** All properties of all subjects, each with a failure's reason, stay far below. */
  private static final Limits LIMITS =
      Limits.standard().withSizeBytes(64 << 20).withItems(10_000_000);

  static Export of(String commit, Evidence evidence) {
    return new Export(
        commit,
        evidence.rows().stream()
            .map(Export::row)
            .sorted(
                Comparator.comparing(Row::property)
                    .thenComparing(Row::subject)
                    .thenComparing(Row::module)
                    .thenComparing(Row::test))
            .toList(),
        evidence.twins().stream()
            .map(twin -> new Twin(twin.property(), twin.twin(), twin.result()))
            .sorted(Comparator.comparing(Twin::property).thenComparing(Twin::twin))
            .toList());
  }

  private static Row row(Evidence.Located located) {
    Line.Row row = located.row();
    return new Row(
        row.property(),
        row.subject(),
        located.module(),
        row.test(),
        row.result(),
        row.reason(),
        row.guarantee());
  }

  Bytes toJson() {
    return JsonCodec.of(Export.class, JsonOptions.strict().withLimits(LIMITS)).encode(this);
  }
}
