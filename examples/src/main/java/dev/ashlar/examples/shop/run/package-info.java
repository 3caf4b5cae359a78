/**
 * Running the services of one strategy, in this process or in one each, until they come to rest.
 */
@NullMarked
package dev.ashlar.examples.shop.run;

import org.jspecify.annotations.NullMarked;
