/**
 * A strict JSON form for records: what a codec accepts is decided when it is made, from the type.
 *
 * <p>Begin at {@link dev.ashlar.serialization.JsonCodec}.
 */
@NullMarked
package dev.ashlar.serialization;

import org.jspecify.annotations.NullMarked;
