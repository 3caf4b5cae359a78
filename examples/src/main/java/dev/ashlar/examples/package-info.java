/** Single files, each of which compiles and works when copied alone. */
@NullMarked
package dev.ashlar.examples;

import org.jspecify.annotations.NullMarked;
