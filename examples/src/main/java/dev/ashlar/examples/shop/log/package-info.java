/** What the services log about some of the orders, and the timeline of one of them. */
@NullMarked
package dev.ashlar.examples.shop.log;

import org.jspecify.annotations.NullMarked;
