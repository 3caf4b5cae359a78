package dev.ashlar.core.review;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads the texts with which class files describe methods, such as {@code (ILjava/util/List;)V}.
 */
final class Descriptors {

  private static final Pattern PARAMETER = Pattern.compile("\\[*([BCDFIJSZ]|L[^;]+;)");

  private Descriptors() {}

  /** Returns the descriptors of a method's parameters; none for those of a field. */
  static List<String> parameters(String descriptor) {
    int end = descriptor.indexOf(')');
    return end < 0
        ? List.of()
        : PARAMETER
            .matcher(descriptor.substring(1, end))
            .results()
            .map(MatchResult::group)
            .toList();
  }

  /** Returns the name of the type that a method returns; the text itself if it is no class. */
  static String returned(String descriptor) {
    String type = descriptor.substring(descriptor.indexOf(')') + 1);
    return type.startsWith("L") ? type.substring(1, type.length() - 1).replace('/', '.') : type;
  }
}
