/** Engines that keep their messages in files of their own, on the journal. */
@NullMarked
package dev.ashlar.messaging.disk;

import org.jspecify.annotations.NullMarked;
