package dev.ashlar.core;

/**
 * Whether whoever handles a request may retry what it calls.
 *
 * <p>Three layers that each try three times make 27 calls to a server that is already down. So the
 * highest layer that retries owns the retries, and layers below stay quiet.
 */
public enum RetryRight {
  /** Nobody above retries; whoever does first becomes the owner. */
  FREE,
  /** A layer above retries; a failure goes up at once. */
  OWNED_ABOVE,
  /** Nobody retries: the request must not be repeated, or a layer below said so. */
  NONE
}
