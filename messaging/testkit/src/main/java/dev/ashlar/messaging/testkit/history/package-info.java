/** Records what a queue or a log did under load, and finds in the record what it must not do. */
@NullMarked
package dev.ashlar.messaging.testkit.history;

import org.jspecify.annotations.NullMarked;
