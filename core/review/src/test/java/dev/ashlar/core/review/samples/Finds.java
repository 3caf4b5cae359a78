package dev.ashlar.core.review.samples;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How many violations a sample has of the rule that its file is named for. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Finds {

  /** Returns how many; none for a sample that keeps the rule. */
  int value();
}
