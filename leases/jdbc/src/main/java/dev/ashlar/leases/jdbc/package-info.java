/** Leases and the floors of guards in tables of a SQL database. */
@NullMarked
package dev.ashlar.leases.jdbc;

import org.jspecify.annotations.NullMarked;
