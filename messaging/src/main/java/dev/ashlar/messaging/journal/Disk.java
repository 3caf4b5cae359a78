package dev.ashlar.messaging.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One folder, as little of it as the journal needs, so that a test can put a bad one in place. */
interface Disk extends Closeable {

  /** Makes the folder if need be and becomes its only owner, in all processes, until closed. */
  void claim() throws IOException;

  /** The place of a file, for messages. */
  Path path(String name);

  /** The names of all files, in any order. */
  List<String> names() throws IOException;

  /** Opens a file. */
  DiskFile open(String name, Access access) throws IOException;

  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  /** Makes creations, renamings and deletions so far survive the machine. */
  void sync() throws IOException;

  /** What a file is opened for. */
  enum Access {

    /** One that somebody may delete at this moment: then there is none, and none is made. */
    READ,

    /** Reading and writing one that nobody deletes meanwhile. */
    WRITE,

    /** The same, with an empty one. */
    MAKE
  }

  /** An open file. One thread at a time. No method is ended by an interrupt. */
  interface DiskFile extends Closeable {

    long size() throws IOException;

    /** Reads up to {@code length} bytes; fewer only at the end of the file. */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /**
     * Has what is written from now on, up to an offset, stored into memory that the operating
     * system keeps for the file, if that is possible; the file has this size already.
     */
    default void map(int bytes) {}

    /** Hands bytes to the operating system. */
    void write(long position, byte[] from, int offset, int length) throws IOException;

    /** Hands bytes to the disk: returns when they survive the machine. */
    void writeForced(long position, byte[] from, int offset, int length) throws IOException;

    /** Makes all that was written survive the machine. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    /** Whether the file still stands under its name with this size, as another process sees it. */
    boolean stands(long size);
  }
}
