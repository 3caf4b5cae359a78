package dev.ashlar.examples.benchmarks.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What the machine allows: segments of checksummed records through a 64 KiB buffer, and nothing
 * else. With zero-filled segments (yardstick C) a background thread makes the next file ahead of
 * time; without (yardstick A) files grow, and each force records their length too. Where nothing is
 * forced, zeros would only be written for nothing, and the two are the same.
 */
final class YardstickStore implements RecordStore {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final String SUFFIX = ".segment";

  private final Path folder;
  private final boolean zeroFilled;
  private final Durability durability;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CRC32C checksum = new CRC32C();
  private int number;
  private FileChannel channel;
  private long end;
  private CompletableFuture<Path> next;

  YardstickStore(Path folder, boolean zeroFilled, Durability durability) throws IOException {
    this.folder = folder;
    this.zeroFilled = zeroFilled && durability == Durability.DISK;
    this.durability = durability;
    List<Path> segments = segments();
    if (segments.isEmpty()) {
      next = prepareNext();
      channel = roll();
    } else {
      long last = 0;
      for (Path segment : segments) {
        last = Segment.scan(segment, record -> {});
      }
      number = segments.size();
      channel = open(segments.get(segments.size() - 1));
      end = last;
      next = prepareNext();
    }
  }

  @Override
  public void write(List<byte[]> records) throws IOException {
    buffer.clear();
    for (byte[] record : records) {
      int size = Segment.HEADER_BYTES + record.length;
      if (buffer.remaining() < size) {
        drain();
      }
      if (end + buffer.position() + size > Segment.SIZE_BYTES) {
        drain();
        force();
        channel.close();
        channel = roll();
      }
      checksum.reset();
      checksum.update(record);
      buffer.putInt(record.length).putInt((int) checksum.getValue()).put(record);
    }
    drain();
    force();
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      end += channel.write(buffer, end);
    }
    buffer.clear();
  }

  private void force() throws IOException {
    if (durability == Durability.DISK) {
      channel.force(false);
    }
  }

  /** Goes on with the next file, whose name is made durable before anything in it is. */
  private FileChannel roll() throws IOException {
    Path made = next.join();
    Path segment = folder.resolve(String.format("%08d%s", number++, SUFFIX));
    Files.move(made, segment, StandardCopyOption.ATOMIC_MOVE);
    if (durability == Durability.DISK) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
    next = prepareNext();
    end = 0;
    return open(segment);
  }

  private CompletableFuture<Path> prepareNext() {
    Path spare = folder.resolve("spare-" + number);
    CompletableFuture<Path> made = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Files.deleteIfExists(spare);
                if (zeroFilled) {
                  Segment.fillWithZeros(spare);
                } else {
                  Files.createFile(spare);
                }
                made.complete(spare);
              } catch (IOException e) {
                made.completeExceptionally(e);
              }
            },
            "yardstick-next-segment");
    thread.setDaemon(true);
    thread.start();
    return made;
  }

  private static FileChannel open(Path segment) throws IOException {
    return FileChannel.open(segment, StandardOpenOption.WRITE);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  @Override
  public void read(DurableLog.Sink sink) throws IOException {
    for (Path segment : segments()) {
      Segment.scan(segment, sink);
    }
  }

  @Override
  public void close() throws IOException {
    next.join();
    channel.close();
  }
}
