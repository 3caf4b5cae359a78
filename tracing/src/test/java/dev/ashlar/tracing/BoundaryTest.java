package dev.ashlar.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Operation;
import dev.ashlar.tracing.Boundary.Egress;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BoundaryTest {

  private static final EgressPolicy OWN = EgressPolicy.hosts("shop.internal");

  @Test
  void messagesStayInsideAndCallsOfUnknownHostsGetNothing() {
    for (Operation.Kind kind : Operation.Kind.values()) {
      Egress expected = kind == Operation.Kind.CLIENT ? Egress.NOTHING : Egress.INTERNAL;
      assertThat(OWN.of(Operation.of(kind, "target"))).as(kind.name()).isEqualTo(expected);
    }
  }

  @Test
  void badBoundsAreNamed() {
    Boundary boundary = Boundary.to(OWN);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 17; i++) {
      names.add("n" + i);
    }

    assertThatThrownBy(() -> boundary.withBytesMax(1023))
        .hasMessage("bytesMax: 1023 (expected: 1024 to 8192)");
    assertThatThrownBy(() -> boundary.withBytesMax(8193))
        .hasMessage("bytesMax: 8193 (expected: 1024 to 8192)");
    assertThatThrownBy(() -> boundary.withBaggage(names.toArray(String[]::new)))
        .hasMessage("baggage: 17 names (expected: at most 16)");
    assertThatThrownBy(() -> EgressPolicy.hosts(""))
        .hasMessage("own: empty name (expected: a host or a domain)");
  }
}
