/** What is shown while the shop runs and when it has ended. */
@NullMarked
package dev.ashlar.examples.shop.report;

import org.jspecify.annotations.NullMarked;
