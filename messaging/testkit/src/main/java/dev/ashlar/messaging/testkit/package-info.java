/** The contracts that every queue, inbox and outbox keeps, as tests to inherit. */
@NullMarked
package dev.ashlar.messaging.testkit;

import org.jspecify.annotations.NullMarked;
