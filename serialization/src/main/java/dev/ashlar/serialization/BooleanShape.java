package dev.ashlar.serialization;

/** A boolean: {@code true} or {@code false}, and no word or number for them. */
enum BooleanShape implements Shape {
  INSTANCE;

  @Override
  public Object read(Source in) {
    return in.bool("boolean");
  }

  @Override
  public void write(Object value, Sink out) {
    out.bool((boolean) value);
  }
}
