/** Questions and answers between services, over HTTP, with the context of the call. */
@NullMarked
package dev.ashlar.resilience.http;

import org.jspecify.annotations.NullMarked;
