package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.io.SerializedString;

/**
 * A sealed interface: an object of one of its records, with a field that names which one.
 *
 * <p>The names are keys of a map that was filled from the {@code permits} clauses. A name that is
 * not in it leads nowhere; no class is ever looked for.
 */
final class SealedShape implements Shape {

  private static final String EXPECTED = "object with the name of a type";

  private final SerializedString typeField;
  private final Map<String, RecordShape> byName = new HashMap<>();
  private final Map<Class<?>, String> names = new HashMap<>();

  SealedShape(String typeField) {
    this.typeField = new SerializedString(typeField);
  }

  /** Adds a record, unless its name stands for another one already. */
  boolean add(String name, Class<?> type, RecordShape shape) {
    names.put(type, name);
    return byName.putIfAbsent(name, shape) == null;
  }

  @Override
  public boolean isFinite(Set<RecordShape> finite) {
    return byName.values().stream().anyMatch(shape -> shape.isFinite(finite));
  }

  @Override
  public Object read(Source in) {
    long start = in.offset();
    in.enterObject(EXPECTED);
    String field = typeField.getValue();
    boolean first = in.startsWith(field);
    in.trail().atField(field);
    // The fields of an object have no order: some stores sort them, so the name may come last.
    RecordShape shape = byName.get(first ? in.typeName() : in.lookAhead(field, start));
    if (shape == null) {
      throw new Refusal(Reason.TYPE_NOT_ALLOWED, "name that stands for no type here");
    }
    if (first) {
      in.next();
    }
    in.trail().atNothing();
    return shape.readFields(in, field, first);
  }

  @Override
  public void write(Object value, Sink out) {
    String name = names.get(value.getClass());
    RecordShape shape = byName.get(name);
    if (name == null || shape == null) {
      throw new IllegalStateException(value.getClass().getName() + ": not permitted");
    }
    out.beginObject();
    out.trail().atField(typeField.getValue());
    out.name(typeField);
    out.text(name);
    shape.writeFields(value, out);
    out.endObject();
  }
}
