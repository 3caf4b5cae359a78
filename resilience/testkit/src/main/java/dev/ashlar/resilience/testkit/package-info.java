/** The contracts that call pipelines, retry budgets, breakers and transports keep, to inherit. */
@NullMarked
package dev.ashlar.resilience.testkit;

import org.jspecify.annotations.NullMarked;
