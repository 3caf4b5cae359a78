package dev.ashlar.serialization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list: an array of elements of one shape, none of them null. */
record ListShape(Shape element) implements Shape {

  @Override
  public Object read(Source in) {
    List<Object> elements = new ArrayList<>();
    int index = 0;
    for (in.enterArray("array"); !in.atArrayEnd(); in.next()) {
      in.trail().countItem();
      in.trail().atElement(index++);
      elements.add(element.read(in));
    }
    in.trail().leave();
    return Collections.unmodifiableList(elements);
  }

  @Override
  public void write(Object value, Sink out) {
    out.beginArray();
    int index = 0;
    for (Object item : (List<?>) value) {
      out.trail().countItem();
      out.trail().atElement(index++);
      element.write(Shapes.present(item), out);
    }
    out.endArray();
  }
}
