package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A map from text: an object with any keys, and values of one shape, none of them null.
 *
 * <p>Written in the order of the keys, because the order of most maps changes from run to run.
 */
record MapShape(Shape element) implements Shape {

  @Override
  public Object read(Source in) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (in.enterObject("object"); in.atName(); in.next()) {
      String key = in.name();
      if (entries.containsKey(key)) {
        throw new Refusal(Reason.DUPLICATE_KEY, "key that stands twice");
      }
      in.trail().atEntry();
      in.next();
      entries.put(key, element.read(in));
    }
    in.trail().leave();
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public void write(Object value, Sink out) {
    Map<String, Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
      sorted.put((String) Shapes.present(entry.getKey()), Shapes.present(entry.getValue()));
    }
    out.beginObject();
    sorted.forEach(
        (key, item) -> {
          out.key(key);
          out.trail().atEntry();
          element.write(item, out);
        });
    out.endObject();
  }
}
