package dev.ashlar.examples.house.samples.messaging;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Each draws chance that nobody can draw again. */
public final class Chances {
  private Chances() {}

  public static final class OfMath {
    public double draw() {
      return Math.random();
    }
  }

  public static final class Unseeded {
    public int draw() {
      return new Random().nextInt();
    }
  }

  public static final class UnseededSplittable {
    public int draw() {
      return new SplittableRandom().nextInt();
    }
  }

  public static final class OfTheThread {
    public int draw() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  public static final class Secure {
    public int draw() {
      return new SecureRandom().nextInt();
    }
  }

  public static final class Id {
    public UUID draw() {
      return UUID.randomUUID();
    }
  }

  public static final class Preferred {
    public RandomGenerator draw() {
      return RandomGenerator.getDefault();
    }
  }

  public static final class Shuffle {
    public void draw(List<String> cards) {
      Collections.shuffle(cards);
    }
  }
}
