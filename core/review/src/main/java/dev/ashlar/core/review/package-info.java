/**
 * The rule pages of all blocks that compiled classes can show, as ArchUnit rules. Knows the blocks
 * by name only.
 */
@NullMarked
package dev.ashlar.core.review;

import org.jspecify.annotations.NullMarked;
