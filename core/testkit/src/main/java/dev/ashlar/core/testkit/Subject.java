package dev.ashlar.core.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what a test class tests, such as {@code memory} or {@code jdbc-postgresql}.
 *
 * <p>Stands on the concrete class that subclasses a contract, and holds for its nested classes and
 * for those of the contract.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Subject {

  /** The name in the table of evidence. */
  String value();
}
