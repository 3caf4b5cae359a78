/** Faults: the schedule, how it is written down, and how it comes upon queues and handlers. */
@NullMarked
package dev.ashlar.examples.shop.fault;

import org.jspecify.annotations.NullMarked;
