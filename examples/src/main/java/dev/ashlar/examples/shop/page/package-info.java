/** The product page: three parts gathered at once, under both strategies. */
@NullMarked
package dev.ashlar.examples.shop.page;

import org.jspecify.annotations.NullMarked;
