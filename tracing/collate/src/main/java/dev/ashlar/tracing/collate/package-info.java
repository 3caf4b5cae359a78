/**
 * Puts the JSON log lines of many services into one timeline of one request, cause before effect.
 */
@NullMarked
package dev.ashlar.tracing.collate;

import org.jspecify.annotations.NullMarked;
