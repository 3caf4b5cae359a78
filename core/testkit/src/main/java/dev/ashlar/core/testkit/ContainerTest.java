package dev.ashlar.core.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that needs a container engine.
 *
 * <p>Where one answers the tests run; where none does they are skipped, by name. With the system
 * property {@value #MODE} set to {@value #REQUIRED} they fail instead, so that a build that must
 * run them cannot leave them out.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@ExtendWith(ContainerEngine.class)
public @interface ContainerTest {

  /** The system property that says what a missing engine means. */
  String MODE = "ashlar.containers";

  /** The value of {@link #MODE} with which a missing engine is a failure. */
  String REQUIRED = "required";
}
