/** A journal in files: the ground under queues, logs and stores on disk. */
@NullMarked
package dev.ashlar.messaging.journal;

import org.jspecify.annotations.NullMarked;
