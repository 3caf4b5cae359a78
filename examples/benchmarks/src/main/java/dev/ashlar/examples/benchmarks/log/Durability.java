package dev.ashlar.examples.benchmarks.log;

/** What an acknowledged append survives; only equals are compared. */
enum Durability {
  /** The end of the machine, as far as its disk keeps what it was forced to keep. */
  DISK,
  /** The end of the process: the operating system has it. */
  OS
}
