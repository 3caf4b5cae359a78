/** For each rule, code that breaks it and code that keeps it; most of it is shown on its page. */
@NullMarked
package dev.ashlar.core.review.samples;

import org.jspecify.annotations.NullMarked;
