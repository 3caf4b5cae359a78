/** Fences that travel with HTTP requests, and the service that checks them. */
@NullMarked
package dev.ashlar.leases.http;

import org.jspecify.annotations.NullMarked;
