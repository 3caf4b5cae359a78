package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/**
 * A record: an object with a field for each component, in their order.
 *
 * <p>A record may contain itself, so its shape is made first and gets its components afterwards;
 * from then on it never changes.
 */
final class RecordShape implements Shape {

  /** The type that {@link #construct} invokes the constructor with. */
  static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);

  /** The type that a component is read from a record with. */
  static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

  private static final String EXPECTED = "object";

  private final MethodHandle constructor;
  private final List<Component> components = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();

  RecordShape(MethodHandle constructor) {
    this.constructor = constructor;
  }

  /**
   * One component.
   *
   * @param optional whether it is an {@link Optional} of its shape
   */
  record Component(SerializedString name, Shape shape, boolean optional, MethodHandle accessor) {}

  void add(Component component) {
    places.put(component.name().getValue(), components.size());
    components.add(component);
  }

  boolean has(String field) {
    return places.containsKey(field);
  }

  @Override
  public boolean isFinite(Set<RecordShape> finite) {
    return finite.contains(this);
  }

  /** Returns whether every component that must be there can be. */
  boolean hasFiniteComponents(Set<RecordShape> finite) {
    return components.stream().allMatch(c -> c.optional() || c.shape().isFinite(finite));
  }

  @Override
  public Object read(Source in) {
    in.enterObject(EXPECTED);
    return readFields(in, null, false);
  }

  /**
   * Reads on from a name of an object.
   *
   * @param typeField a field that belongs to the hierarchy and not to the record, if there is one
   * @param typeRead whether that field lies behind
   */
  Object readFields(Source in, @Nullable String typeField, boolean typeRead) {
    @Nullable Object[] values = new @Nullable Object[components.size()];
    Set<String> unknown = new HashSet<>();
    boolean typeSeen = typeRead;
    for (; in.atName(); in.next()) {
      String name = in.name();
      Integer place = places.get(name);
      if (place != null) {
        readField(in, components.get(place), values, place);
      } else if (name.equals(typeField)) {
        typeSeen = checkOnce(typeSeen);
        in.next();
      } else {
        in.passUnknown(name, unknown);
      }
      in.trail().atNothing();
    }
    complete(in, values);
    Object value = construct(values);
    in.trail().leave();
    return value;
  }

  private static boolean checkOnce(boolean seen) {
    if (seen) {
      throw new Refusal(Reason.DUPLICATE_KEY, "key that stands twice");
    }
    return true;
  }

  private static void readField(
      Source in, Component component, @Nullable Object[] values, int place) {
    in.trail().atField(component.name().getValue());
    checkOnce(values[place] != null);
    in.next();
    if (component.optional()) {
      // Absent and null are one thing, and there is one value for it.
      values[place] = in.atNull() ? Optional.empty() : Optional.of(component.shape().read(in));
    } else {
      values[place] = component.shape().read(in);
    }
  }

  private void complete(Source in, @Nullable Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        Component component = components.get(i);
        if (!component.optional()) {
          in.trail().atField(component.name().getValue());
          throw new Refusal(Reason.MISSING_FIELD, "missing field");
        }
        values[i] = Optional.empty();
      }
    }
  }

  private Object construct(@Nullable Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      // Whatever the type's own check throws says no; its message may name the value.
      throw new Refusal(Reason.INVALID_VALUE, "value refused by its type");
    }
  }

  @Override
  public void write(Object value, Sink out) {
    out.beginObject();
    writeFields(value, out);
    out.endObject();
  }

  void writeFields(Object value, Sink out) {
    for (Component component : components) {
      Object field = fieldOf(value, component);
      if (!Optional.empty().equals(field)) {
        out.trail().atField(component.name().getValue());
        out.name(component.name());
        component.shape().write(present(field), out);
      }
    }
    out.trail().atNothing();
  }

  private static Object present(@Nullable Object field) {
    Object value = field instanceof Optional<?> optional ? optional.orElseThrow() : field;
    if (value == null) {
      throw new Refusal(Reason.MISSING_FIELD, "null (expected: a value, or an Optional)");
    }
    return value;
  }

  private static @Nullable Object fieldOf(Object value, Component component) {
    try {
      return (@Nullable Object) component.accessor().invokeExact(value);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(component.name().getValue() + ": accessor failed", e);
    }
  }
}
