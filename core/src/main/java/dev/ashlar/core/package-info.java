/**
 * The shared words: time, failures, bytes, ids, the context of a call, and how a block is observed.
 *
 * <p>Nothing here knows a queue, a lease, a codec's format or a transport. Blocks import this
 * package and never each other.
 */
@NullMarked
package dev.ashlar.core;

import org.jspecify.annotations.NullMarked;
