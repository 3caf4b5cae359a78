/** The code of somebody who uses Ashlar, and holds it to the rules. */
@NullMarked
package com.shop;

import org.jspecify.annotations.NullMarked;
