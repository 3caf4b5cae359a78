package dev.ashlar.tracing.testkit;

import dev.ashlar.core.testkit.Subject;

@Subject("ids")
class IdsTest extends LogContextContract {}
