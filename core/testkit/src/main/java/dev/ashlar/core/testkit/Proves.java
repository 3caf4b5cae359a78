package dev.ashlar.core.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which property a test method proves.
 *
 * <p>Stands on the methods of a contract; whoever inherits the method proves the property for its
 * own {@link Subject}. The evidence listener writes one row for each property and test.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Proves.All.class)
public @interface Proves {

  /** The property's id, such as {@code QUEUE-7}. */
  String value();

  /**
   * The guarantee without which the property is not demanded, such as {@code fifo}; empty for a
   * property that every subject must have. {@link Contract} skips the test where it is not
   * declared.
   */
  String guarantee() default "";

  /** Several properties proved by one test. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {

    /** The properties. */
    Proves[] value();
  }
}
