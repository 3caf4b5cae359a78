/** The six services, and the two strategies by which they hear and tell. */
@NullMarked
package dev.ashlar.examples.shop.service;

import org.jspecify.annotations.NullMarked;
