package dev.ashlar.core.review;

import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks for what a rule forbids. */
@FunctionalInterface
interface Search {

  Stream<Finding> in(Code code);

  /** Finds every use of the targets. */
  static Search uses(String what, Target... targets) {
    return code -> usesIn(code, code.bodies(), what, targets);
  }

  /** Finds the uses of the targets in bodies that the code is asked for. */
  static Stream<Finding> usesIn(Code code, Stream<Body> bodies, String what, Target... targets) {
    return bodies.flatMap(
        body ->
            body.uses().stream()
                .filter(use -> code.hits(body, use, targets))
                .map(use -> Finding.of(body, use.line(), what)));
  }

  /** Finds the uses of the targets whose description is as asked. */
  static Search uses(String what, Predicate<Body.Use> which, Target... targets) {
    return code ->
        code.bodies()
            .flatMap(
                body ->
                    body.uses().stream()
                        .filter(use -> which.test(use) && code.hits(body, use, targets))
                        .map(use -> Finding.of(body, use.line(), what)));
  }

  default Search and(Search other) {
    return code -> Stream.concat(in(code), other.in(code));
  }
}
