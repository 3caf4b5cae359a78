/** Orders: what they are, where they come from, and the book of all that were placed. */
@NullMarked
package dev.ashlar.examples.shop.order;

import org.jspecify.annotations.NullMarked;
