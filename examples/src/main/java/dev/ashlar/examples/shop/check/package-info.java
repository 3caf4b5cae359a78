/** Counting anomalies from the databases, whatever strategy has written them. */
@NullMarked
package dev.ashlar.examples.shop.check;

import org.jspecify.annotations.NullMarked;
