package dev.ashlar.tracing.testkit;

import dev.ashlar.core.testkit.Subject;

@Subject("propagation")
class BoundaryTest extends BoundaryContract {}
