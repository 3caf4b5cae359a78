/** The contracts of executors and transports that carry a context, as tests to inherit. */
@NullMarked
package dev.ashlar.tracing.testkit;

import org.jspecify.annotations.NullMarked;
