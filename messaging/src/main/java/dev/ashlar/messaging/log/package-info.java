/**
 * Logs: partitions by key, groups whose owners are fenced by epochs, replay, and the loop on top.
 */
@NullMarked
package dev.ashlar.messaging.log;

import org.jspecify.annotations.NullMarked;
