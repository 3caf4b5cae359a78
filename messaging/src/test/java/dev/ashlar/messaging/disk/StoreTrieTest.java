package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The trie in the records, against maps. */
class StoreTrieTest {

  private final List<StoreNode> records = new ArrayList<>();

  private Optional<StoreNode> root() {
    return records.isEmpty() ? Optional.empty() : Optional.of(records.get(records.size() - 1));
  }

  private StoreTrie.Walk walk(StoreTrie.Kind kind, StoreNode root, StoreKey key) {
    return StoreTrie.walk(kind, root, key, number -> records.get((int) number));
  }

  /** Adds a record whose stream has the key; of the three ways only that by stream is used. */
  private void add(StoreKey key) {
    StorePath path =
        StoreTrie.walk(
                StoreTrie.Kind.STREAMS,
                root().orElse(null),
                key,
                number -> records.get((int) number))
            .path();
    records.add(
        new StoreNode(
            records.size(),
            1,
            "stream",
            key,
            key,
            StorePath.EMPTY,
            StorePath.EMPTY,
            new StoreNode.Root(true, 0, path)));
  }

  @Test
  void everyRecordIsTheRootOfAllThatWasThereThen() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          records.clear();
          int variety = 1 << random.nextInt(2, 12);
          List<Map<StoreKey, Long>> then = new ArrayList<>();
          Map<StoreKey, Long> now = new HashMap<>();
          for (int i = 0; i < 300; i++) {
            StoreKey key = key(random, variety);
            add(key);
            now.put(key, (long) i);
            then.add(Map.copyOf(now));
          }
          for (int i = 0; i < 300; i++) {
            int at = random.nextInt(records.size());
            StoreKey key = key(random, variety);
            StoreNode found = walk(StoreTrie.Kind.STREAMS, records.get(at), key).found();
            OptionalLong number =
                found == null ? OptionalLong.empty() : OptionalLong.of(found.number());
            Long expected = then.get(at).get(key);
            assertThat(number)
                .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
          }
        });
  }

  /** Few keys that differ early, or late, or in one half only. */
  private static StoreKey key(RandomGenerator random, int variety) {
    long bits = random.nextInt(variety);
    return switch (variety % 3) {
      case 0 -> new StoreKey(bits << 40, 7);
      case 1 -> new StoreKey(7, bits);
      default -> new StoreKey(Long.reverse(bits), bits);
    };
  }

  @Test
  void aPathIsAsLongAsTheLogarithmOfTheKeys() {
    for (int i = 0; i < 4096; i++) {
      add(StoreKey.of("stream-" + i));
    }
    double mean =
        records.stream().mapToInt(each -> each.root().streams().size()).average().orElseThrow();
    int longest =
        records.stream().mapToInt(each -> each.root().streams().size()).max().orElseThrow();

    assertThat(mean).isBetween(8.0, 14.0);
    assertThat(longest).isLessThan(40);
  }

  @Test
  void whatIsNotInMemoryIsAskedFor() {
    add(new StoreKey(0, 0));
    add(new StoreKey(Long.MIN_VALUE, 0));
    add(new StoreKey(Long.MIN_VALUE, 1));

    StoreTrie.Walk walk =
        StoreTrie.walk(StoreTrie.Kind.STREAMS, records.get(2), new StoreKey(0, 0), number -> null);

    assertThat(walk.isStuck()).isTrue();
    assertThat(walk.missing()).isZero();
  }
}
