package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.util.HashMap;
import java.util.Map;

/** An enum: the name of a constant, as a text. Its number would change with its place. */
record EnumShape(Map<String, Object> constants) implements Shape {

  static EnumShape of(Class<?> type) {
    Map<String, Object> constants = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
    return new EnumShape(constants);
  }

  @Override
  public Object read(Source in) {
    Object constant = constants.get(in.text("name of a constant"));
    if (constant == null) {
      throw new Refusal(Reason.INVALID_VALUE, "name of no constant");
    }
    return constant;
  }

  @Override
  public void write(Object value, Sink out) {
    out.text(((Enum<?>) value).name());
  }
}
