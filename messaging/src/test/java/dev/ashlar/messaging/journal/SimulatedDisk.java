package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A folder in memory that loses what a real one may lose: on a crash any subset of the sectors that
 * were written and not forced is gone, and after a failed force they are gone though the cache
 * still shows them and the next force succeeds.
 */
final class SimulatedDisk implements Disk {

  private static final int SECTOR = 512;

  private final Map<String, Content> durableNames = new HashMap<>();
  private final Map<String, Content> names = new HashMap<>();

  /** How many more writes or forces succeed; negative for all. */
  int callsUntilFailure = -1;

  /** What the operating system says then. */
  String complaint = "Input/output error";

  boolean shortWrites;
  boolean owned;
  long capacity = Long.MAX_VALUE;

  /** How many bytes were read of its files. */
  long bytesRead;

  /** One file: what the cache shows, what the disk has, and where they may differ. */
  static final class Content {
    byte[] cached = new byte[0];
    byte[] durable = new byte[0];
    final BitSet dirty = new BitSet();

    Content copy() {
      Content copy = new Content();
      copy.cached = cached.clone();
      copy.durable = cached.clone();
      return copy;
    }
  }

  /** Another disk with the same content, all of it durable. */
  SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk();
    names.forEach((name, content) -> copy.names.put(name, content.copy()));
    copy.durableNames.putAll(copy.names);
    return copy;
  }

  byte[] content(String name) {
    Content content = names.get(name);
    return content == null ? new byte[0] : content.cached;
  }

  void replace(String name, byte[] bytes) {
    Content content = new Content();
    content.cached = bytes.clone();
    content.durable = bytes.clone();
    names.put(name, content);
    durableNames.put(name, content);
  }

  List<String> segments() {
    return names.keySet().stream().filter(name -> name.endsWith(".log")).sorted().toList();
  }

  /** The machine stops: what was not forced comes down in part, in any order. */
  void crash(RandomGenerator random) {
    if (random.nextBoolean()) {
      names.clear();
      names.putAll(durableNames);
    }
    for (Content content : names.values()) {
      byte[] after =
          random.nextBoolean()
              ? Arrays.copyOf(content.durable, content.cached.length)
              : content.durable.clone();
      for (int s = content.dirty.nextSetBit(0); s >= 0; s = content.dirty.nextSetBit(s + 1)) {
        int end = Math.min(Math.min(after.length, content.cached.length), (s + 1) * SECTOR);
        if (random.nextBoolean() && end > s * SECTOR) {
          System.arraycopy(content.cached, s * SECTOR, after, s * SECTOR, end - s * SECTOR);
        }
      }
      content.cached = after;
      content.durable = after.clone();
      content.dirty.clear();
    }
    durableNames.clear();
    durableNames.putAll(names);
    owned = false;
    callsUntilFailure = -1;
    shortWrites = false;
  }

  private void mayFail() throws IOException {
    if (callsUntilFailure == 0) {
      throw new IOException(complaint);
    }
    if (callsUntilFailure > 0) {
      callsUntilFailure--;
    }
  }

  @Override
  public void claim() {
    if (owned) {
      throw DiskException.of(DiskException.Reason.IN_USE, "another owner", path(""), 0);
    }
    owned = true;
  }

  @Override
  public Path path(String name) {
    return Path.of("simulated", name);
  }

  @Override
  public List<String> names() {
    return new ArrayList<>(names.keySet());
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    if (access == Access.MAKE) {
      names.put(name, new Content());
    } else if (!names.containsKey(name)) {
      throw new NoSuchFileException(name);
    }
    return new SimulatedFile(name, names.get(name), access);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Content content = names.remove(from);
    if (content == null) {
      throw new NoSuchFileException(from);
    }
    names.put(to, content);
  }

  @Override
  public void delete(String name) throws IOException {
    if (names.remove(name) == null) {
      throw new NoSuchFileException(name);
    }
  }

  @Override
  public void sync() throws IOException {
    mayFail();
    durableNames.clear();
    durableNames.putAll(names);
  }

  @Override
  public void close() {
    owned = false;
  }

  private long used() {
    return names.values().stream().mapToLong(content -> content.cached.length).sum();
  }

  private final class SimulatedFile implements DiskFile {
    private final String name;
    private final Content content;
    private final Access access;

    SimulatedFile(String name, Content content, Access access) {
      this.name = name;
      this.content = content;
      this.access = access;
    }

    @Override
    public long size() {
      return content.cached.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      int n = (int) Math.max(0, Math.min(length, content.cached.length - position));
      bytesRead += n;
      if (n > 0) {
        System.arraycopy(content.cached, (int) position, into, offset, n);
      }
      return n;
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws IOException {
      if (access == Access.READ) {
        throw new IOException("Bad file descriptor");
      }
      int end = (int) position + length;
      if (end > content.cached.length) {
        if (used() + end - content.cached.length > capacity) {
          throw new IOException("No space left on device");
        }
        content.cached = Arrays.copyOf(content.cached, end);
      }
      boolean fails = callsUntilFailure == 0;
      int n = fails ? (shortWrites ? length / 2 : 0) : length;
      System.arraycopy(from, offset, content.cached, (int) position, n);
      if (n > 0) {
        content.dirty.set((int) position / SECTOR, ((int) position + n - 1) / SECTOR + 1);
      }
      mayFail();
    }

    @Override
    public void writeForced(long position, byte[] from, int offset, int length) throws IOException {
      write(position, from, offset, length);
      force();
    }

    @Override
    public void force() throws IOException {
      try {
        mayFail();
        content.durable = content.cached.clone();
      } finally {
        content.dirty.clear();
      }
    }

    @Override
    public void truncate(long size) {
      content.cached = Arrays.copyOf(content.cached, (int) size);
    }

    @Override
    public boolean stands(long size) {
      return names.get(name) == content && content.cached.length == size;
    }

    @Override
    public void close() {}
  }
}
