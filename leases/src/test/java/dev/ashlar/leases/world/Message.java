package dev.ashlar.leases.world;

import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.guard.FenceRejection;
import java.util.List;

/*
 *   worker -> store      Acquire, Extend: Said        Release
 *   worker -> resource   Claim, Write: Accepted or Rejected
 *   resource -> worker   Tell, again and again until Heard
 *
 * In words they are short, for whoever reads the last events of a failed run.
 */

/** What places say to each other; V is what a resource contains. */
sealed interface Message<V> {

  record Acquire<V>(long id, Contender contender) implements Message<V> {
    @Override
    public String toString() {
      return id + ": acquire as " + contender.nonce();
    }
  }

  record Extend<V>(long id, Fence fence) implements Message<V> {
    @Override
    public String toString() {
      return id + ": extend " + words(fence);
    }
  }

  record Release<V>(Contender contender) implements Message<V> {
    @Override
    public String toString() {
      return "release what " + contender.nonce() + " has";
    }
  }

  record Said<V>(long id, Answer<Grant> answer) implements Message<V> {
    @Override
    public String toString() {
      if (answer instanceof Answer.Done<Grant> done) {
        return id + ": granted, " + words(done.value().fence());
      }
      return answer instanceof Answer.Refused<Grant> refused && refused.current().isPresent()
          ? id + ": refused, " + words(refused.current().get().fence()) + " has it"
          : id + ": refused";
    }
  }

  record Claim<V>(long id, String resource, Fence fence) implements Message<V> {
    @Override
    public String toString() {
      return id + ": claim " + resource + " for " + words(fence);
    }
  }

  /** The n-th write under a fence, from one on. */
  record Write<V>(long id, String resource, Fence fence, int n, V content) implements Message<V> {
    @Override
    public String toString() {
      return id + ": write " + resource + " = " + words(content) + " under " + words(fence);
    }
  }

  record Accepted<V>(long id, V content) implements Message<V> {
    @Override
    public String toString() {
      return id + ": accepted, " + words(content);
    }
  }

  record Rejected<V>(long id, FenceRejection rejection) implements Message<V> {
    @Override
    public String toString() {
      return id + ": rejected, " + rejection.describe();
    }
  }

  record Tell<V>(FenceRejection rejection) implements Message<V> {
    @Override
    public String toString() {
      return "told, " + rejection.describe();
    }
  }

  record Heard<V>(FenceRejection rejection) implements Message<V> {
    @Override
    public String toString() {
      return "heard that token " + rejection.presented().token().value() + " was rejected";
    }
  }

  private static String words(Fence fence) {
    return "token " + fence.token().value() + " of " + fence.holder().nonce();
  }

  /** Of a list its length and its end are enough. */
  private static String words(Object content) {
    return content instanceof List<?> list && !list.isEmpty()
        ? list.size() + " elements up to " + list.get(list.size() - 1)
        : content.toString();
  }
}
