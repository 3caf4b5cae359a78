package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.Subject;

/** The options of leases over the store in memory. */
@Subject("memory")
class SimulatedOptionsTest extends SimulatedOptions {}
