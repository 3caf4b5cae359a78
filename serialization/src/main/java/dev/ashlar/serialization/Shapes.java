package dev.ashlar.serialization;

import static java.util.Map.entry;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException.Reason;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/**
 * Finds the shape of a type, and with it of every type that it is made of.
 *
 * <p>All that can be wrong with a type is found here, once. What is supported is a list, and what
 * is not on it is refused with its path: a type that is not understood in full can't be read
 * safely.
 */
final class Shapes {

  private static final Map<Class<?>, Shape> SIMPLE =
      Map.ofEntries(
          entry(boolean.class, BooleanShape.INSTANCE),
          entry(Boolean.class, BooleanShape.INSTANCE),
          entry(byte.class, NumberShape.BYTE),
          entry(Byte.class, NumberShape.BYTE),
          entry(short.class, NumberShape.SHORT),
          entry(Short.class, NumberShape.SHORT),
          entry(int.class, NumberShape.INT),
          entry(Integer.class, NumberShape.INT),
          entry(long.class, NumberShape.LONG),
          entry(Long.class, NumberShape.LONG),
          entry(float.class, NumberShape.FLOAT),
          entry(Float.class, NumberShape.FLOAT),
          entry(double.class, NumberShape.DOUBLE),
          entry(Double.class, NumberShape.DOUBLE),
          entry(char.class, TextShape.CHAR),
          entry(Character.class, TextShape.CHAR),
          entry(BigInteger.class, NumberShape.BIG_INTEGER),
          entry(BigDecimal.class, NumberShape.BIG_DECIMAL),
          entry(String.class, TextShape.STRING),
          entry(Bytes.class, TextShape.BYTES),
          entry(UUID.class, TextShape.UUID_TEXT),
          entry(Instant.class, TextShape.INSTANT),
          entry(Duration.class, TextShape.DURATION),
          entry(LocalDate.class, TextShape.LOCAL_DATE));

  private final JsonOptions options;
  private final Map<Class<?>, RecordShape> records = new LinkedHashMap<>();
  private final Map<Class<?>, SealedShape> hierarchies = new HashMap<>();
  private final Set<Class<?>> named = new HashSet<>();

  private Shapes(JsonOptions options) {
    this.options = options;
  }

  /**
   * Returns the shape of a type.
   *
   * @throws IllegalArgumentException if the type, or one that it is made of, is not supported
   */
  static Shape of(Class<?> type, JsonOptions options) {
    Shapes shapes = new Shapes(options);
    Shape shape = shapes.composite(type, "");
    shapes.checkFinite();
    shapes.checkNamesUsed();
    return shape;
  }

  /** Returns a value to be written, if it is there. */
  static Object present(@Nullable Object value) {
    if (value == null) {
      throw new Refusal(Reason.MISSING_FIELD, "null (expected: a value)");
    }
    return value;
  }

  private Shape shape(Type type, String path) {
    if (type instanceof Class<?> plain) {
      Shape simple = SIMPLE.get(plain);
      return simple != null ? simple : composite(plain, path);
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return new ListShape(shape(generic.getActualTypeArguments()[0], path + "/*"));
    }
    if (type instanceof ParameterizedType generic
        && generic.getRawType() == Map.class
        && generic.getActualTypeArguments()[0] == String.class) {
      return new MapShape(shape(generic.getActualTypeArguments()[1], path + "/*"));
    }
    throw unsupported(type, path);
  }

  private Shape composite(Class<?> type, String path) {
    if (type.isEnum()) {
      if (path.isEmpty()) {
        throw unsupported(type, path);
      }
      return EnumShape.of(type);
    }
    if (type.isRecord()) {
      return record(type, path);
    }
    if (type.isSealed() && type.isInterface()) {
      return hierarchy(type, path);
    }
    throw unsupported(type, path);
  }

  private RecordShape record(Class<?> type, String path) {
    RecordShape known = records.get(type);
    if (known != null) {
      return known;
    }
    if (type.getTypeParameters().length > 0) {
      throw unsupported(type, path);
    }
    RecordShape shape = new RecordShape(constructorOf(type, path));
    records.put(type, shape);
    for (RecordComponent component : type.getRecordComponents()) {
      shape.add(component(component, path + "/" + component.getName()));
    }
    return shape;
  }

  private RecordShape.Component component(RecordComponent component, String path) {
    Type type = component.getGenericType();
    boolean optional =
        type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
    if (optional) {
      type = ((ParameterizedType) type).getActualTypeArguments()[0];
    }
    return new RecordShape.Component(
        new SerializedString(component.getName()),
        shape(type, path),
        optional,
        accessorOf(component, path));
  }

  private SealedShape hierarchy(Class<?> type, String path) {
    SealedShape known = hierarchies.get(type);
    if (known != null) {
      return known;
    }
    if (type.getTypeParameters().length > 0) {
      throw unsupported(type, path);
    }
    SealedShape shape = new SealedShape(options.discriminator());
    hierarchies.put(type, shape);
    permit(type, shape, path);
    return shape;
  }

  private void permit(Class<?> type, SealedShape into, String path) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed() && permitted.isInterface()) {
        permit(permitted, into, path);
      } else if (permitted.isRecord()) {
        permitRecord(permitted, into, path);
      } else {
        throw new IllegalArgumentException(
            at(path)
                + permitted.getName()
                + " (expected: a record, or a sealed interface of them)");
      }
    }
  }

  private void permitRecord(Class<?> type, SealedShape into, String path) {
    String given = options.names().get(type);
    String name = given != null ? given : TypeNames.derivedFrom(type);
    named.add(type);
    RecordShape shape = record(type, path);
    // The shape may still lack its components where a type contains itself, so the type is asked.
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(options.discriminator())) {
        throw new IllegalArgumentException(
            at(path) + type.getName() + ": component with the discriminator's name " + name);
      }
    }
    if (!into.add(name, type, shape)) {
      throw new IllegalArgumentException(
          at(path) + type.getName() + ": name taken by another type: " + name);
    }
  }

  private void checkFinite() {
    Set<RecordShape> finite = new HashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (RecordShape shape : records.values()) {
        more |= shape.hasFiniteComponents(finite) && finite.add(shape);
      }
    }
    records.forEach(
        (type, shape) -> {
          if (!finite.contains(shape)) {
            throw new IllegalArgumentException(
                type.getName() + ": contains itself without end (expected: an Optional or a List)");
          }
        });
  }

  private void checkNamesUsed() {
    for (Class<?> type : options.names().keySet()) {
      if (!named.contains(type)) {
        throw new IllegalArgumentException(
            "names: " + type.getName() + " (expected: a record of a sealed interface in the type)");
      }
    }
  }

  private static MethodHandle constructorOf(Class<?> type, String path) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asSpreader(Object[].class, parameters.length)
          .asType(RecordShape.CONSTRUCTOR);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw inaccessible(type, path, e);
    }
  }

  private static MethodHandle accessorOf(RecordComponent component, String path) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return MethodHandles.lookup().unreflect(accessor).asType(RecordShape.ACCESSOR);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw inaccessible(component.getDeclaringRecord(), path, e);
    }
  }

  private static IllegalArgumentException inaccessible(Class<?> type, String path, Exception e) {
    String expected = " (expected: a package opened to " + Shapes.class.getModule().getName() + ")";
    return new IllegalArgumentException(at(path) + type.getName() + expected, e);
  }

  private static IllegalArgumentException unsupported(Type type, String path) {
    return new IllegalArgumentException(
        at(path) + type.getTypeName() + " (expected: a type that JsonCodec lists)");
  }

  private static String at(String path) {
    return path.isEmpty() ? "type: " : path + ": ";
  }
}
