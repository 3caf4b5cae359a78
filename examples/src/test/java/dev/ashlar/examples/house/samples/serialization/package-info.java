@NullMarked
package dev.ashlar.examples.house.samples.serialization;

import org.jspecify.annotations.NullMarked;
