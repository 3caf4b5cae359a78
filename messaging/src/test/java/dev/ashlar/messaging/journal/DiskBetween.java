package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Passes everything on to another disk; what is broken on purpose overrides a part. */
class DiskBetween implements Disk {

  private final Disk disk;

  DiskBetween(Disk disk) {
    this.disk = disk;
  }

  /** Writes and forces one batch. */
  void writeForced(DiskFile file, String name, int position, byte[] bytes) throws IOException {
    file.writeForced(position, bytes, 0, bytes.length);
  }

  /** May change what was read. */
  void afterReading(DiskFile file, long position, byte[] bytes, int offset, int length)
      throws IOException {}

  @Override
  public void claim() throws IOException {
    disk.claim();
  }

  @Override
  public Path path(String name) {
    return disk.path(name);
  }

  @Override
  public List<String> names() throws IOException {
    return disk.names();
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    return new FileBetween(disk.open(name, access), name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    disk.sync();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }

  private final class FileBetween implements DiskFile {

    private final DiskFile file;
    private final String name;

    FileBetween(DiskFile file, String name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      int n = file.read(position, into, offset, length);
      afterReading(file, position, into, offset, n);
      return n;
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws IOException {
      file.write(position, from, offset, length);
    }

    @Override
    public void writeForced(long position, byte[] from, int offset, int length) throws IOException {
      DiskBetween.this.writeForced(
          file, name, (int) position, Arrays.copyOfRange(from, offset, offset + length));
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public boolean stands(long size) {
      return file.stands(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
