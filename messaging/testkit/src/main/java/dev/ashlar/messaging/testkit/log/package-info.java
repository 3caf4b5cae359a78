/** The contract that every log keeps, as tests to inherit. */
@NullMarked
package dev.ashlar.messaging.testkit.log;

import org.jspecify.annotations.NullMarked;
