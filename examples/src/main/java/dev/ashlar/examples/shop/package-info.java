/**
 * The shop: one business case under the same faults, once with dual writes and once with outbox and
 * inbox.
 */
@NullMarked
package dev.ashlar.examples.shop;

import org.jspecify.annotations.NullMarked;
