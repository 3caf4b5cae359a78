/** The nightly settlement: a job for one of three instances, under both strategies. */
@NullMarked
package dev.ashlar.examples.shop.settle;

import org.jspecify.annotations.NullMarked;
