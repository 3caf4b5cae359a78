package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.LongFunction;
import tools.jackson.core.io.NumberOutput;

/**
 * The types of numbers, each of which takes exactly the numbers that it can give back.
 *
 * <p>A {@code double} holds few decimal fractions exactly, so exactness can't be the rule there.
 * The rule is that writing the value again gives the same number: {@code 0.1} comes back as it is,
 * while 2^53 + 1 would come back as another integer and is refused. Writing means the shortest
 * digits that name the value; they are found by the algorithm of newer JDKs on older ones too,
 * whose own finds other digits at times.
 */
enum NumberShape implements Shape {
  BYTE {
    @Override
    public Object read(Source in) {
      return whole(in, Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value);
    }
  },
  SHORT {
    @Override
    public Object read(Source in) {
      return whole(in, Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value);
    }
  },
  INT {
    @Override
    public Object read(Source in) {
      return whole(in, Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value);
    }
  },
  LONG {
    @Override
    public Object read(Source in) {
      return whole(in, Long.MIN_VALUE, Long.MAX_VALUE, value -> value);
    }
  },
  BIG_INTEGER {
    @Override
    public Object read(Source in) {
      String digits = in.integer("integer");
      refuseNegativeZero(digits.equals("-0"));
      return new BigInteger(digits);
    }

    @Override
    public void write(Object value, Sink out) {
      BigInteger number = (BigInteger) value;
      // Spelling it out costs the square of its length, so a rough look comes first.
      if (number.bitLength() > BITS_PER_DIGIT_MAX * out.limits().numberChars()) {
        throw overLength(out, number.bitLength() / BITS_PER_DIGIT_MAX);
      }
      out.number(number.toString());
    }
  },
  BIG_DECIMAL {
    @Override
    public Object read(Source in) {
      String digits = in.number("number");
      BigDecimal number = decimal(digits, in.limits());
      checkScale(number, in.limits());
      refuseNegativeZero(number.signum() == 0 && digits.startsWith("-"));
      return number;
    }

    @Override
    public void write(Object value, Sink out) {
      BigDecimal number = (BigDecimal) value;
      checkScale(number, out.limits());
      if (number.unscaledValue().bitLength() > BITS_PER_DIGIT_MAX * out.limits().numberChars()) {
        throw overLength(out, number.unscaledValue().bitLength() / BITS_PER_DIGIT_MAX);
      }
      // Only an exponent can say that the zeros before the point are not known: 1E+3 is not 1000.
      out.number(number.scale() < 0 ? number.toString() : number.toPlainString());
    }
  },
  DOUBLE {
    @Override
    public Object read(Source in) {
      String digits = in.number("double");
      double value = Double.parseDouble(digits);
      if (!isShort(digits, DOUBLE_CHARS_SAFE)) {
        checkComesBack(digits, Double.isFinite(value), shortest(value), "double");
      }
      return value;
    }

    @Override
    public void write(Object value, Sink out) {
      double number = (double) value;
      checkFinite(Double.isFinite(number));
      out.number(shortest(number));
    }
  },
  FLOAT {
    @Override
    public Object read(Source in) {
      String digits = in.number("float");
      float value = Float.parseFloat(digits);
      if (!isShort(digits, FLOAT_CHARS_SAFE)) {
        checkComesBack(digits, Float.isFinite(value), shortest(value), "float");
      }
      return value;
    }

    @Override
    public void write(Object value, Sink out) {
      float number = (float) value;
      checkFinite(Float.isFinite(number));
      out.number(shortest(number));
    }
  };

  // So many decimal digits survive the way into the binary form and back, whatever they are.
  private static final int DOUBLE_CHARS_SAFE = 15;
  private static final int FLOAT_CHARS_SAFE = 6;

  // Slightly more than the binary logarithm of ten, so that the look errs towards spelling out.
  private static final int BITS_PER_DIGIT_MAX = 4;

  @Override
  public void write(Object value, Sink out) {
    out.number(((Number) value).longValue());
  }

  private static Object whole(Source in, long least, long most, LongFunction<Object> boxed) {
    String expected = least + " to " + most;
    String digits = in.integer(expected);
    long value;
    try {
      value = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw Refusal.unfit("number out of range", expected);
    }
    if (value < least || value > most) {
      throw Refusal.unfit("number out of range", expected);
    }
    refuseNegativeZero(value == 0 && digits.length() > 1);
    return boxed.apply(value);
  }

  private static BigDecimal decimal(String digits, Limits limits) {
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException e) {
      // The form is right, so it is the exponent, which is over every limit that can be set.
      throw Refusal.overLimit("exponent", Integer.MAX_VALUE, limits.numberChars());
    }
  }

  private static void checkScale(BigDecimal number, Limits limits) {
    long scale = Math.abs((long) number.scale());
    if (scale > limits.numberChars()) {
      throw Refusal.overLimit("scale", scale, limits.numberChars());
    }
  }

  private static Refusal overLength(Sink out, int seen) {
    return Refusal.overLimit("numberChars", seen, out.limits().numberChars());
  }

  private static void refuseNegativeZero(boolean negativeZero) {
    if (negativeZero) {
      throw Refusal.unfit("zero with a sign", "zero");
    }
  }

  private static boolean isShort(String digits, int charsSafe) {
    return digits.length() <= charsSafe && digits.indexOf('e') < 0 && digits.indexOf('E') < 0;
  }

  private static void checkComesBack(
      String digits, boolean finite, String shortest, String expected) {
    if (!finite || !isSameNumber(digits, shortest)) {
      throw Refusal.unfit("number that would change", expected);
    }
  }

  private static boolean isSameNumber(String digits, String shortest) {
    try {
      return new BigDecimal(digits).compareTo(new BigDecimal(shortest)) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void checkFinite(boolean finite) {
    if (!finite) {
      throw new Refusal(Reason.INVALID_VALUE, "no number (expected: finite)");
    }
  }

  private static String shortest(double value) {
    return NumberOutput.toString(value, true);
  }

  private static String shortest(float value) {
    return NumberOutput.toString(value, true);
  }
}
