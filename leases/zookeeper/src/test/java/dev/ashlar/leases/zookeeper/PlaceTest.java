package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void aNameSaysWhoseItIsAndWhereInTheLine() {
    Place place = Place.parse("01J-a.b_c~1000c4~0000000012").orElseThrow();

    assertThat(place).isEqualTo(new Place("01J-a.b_c", "1000c4", 12));
    assertThat(place.nodeName()).isEqualTo("01J-a.b_c~1000c4~0000000012");
    assertThat(place.isMadeBy(0x1000c4L)).isTrue();
    assertThat(place.movedTo(0xffL).nodeName()).isEqualTo("01J-a.b_c~ff~0000000012");
  }

  @Test
  void theLineGoesOnWhenTheCounterOfTheServerIsFull() {
    List<String> names =
        List.of("c~1~-2147483648", "a~1~2147483646", "d~1~-2147483647", "b~1~2147483647");

    assertThat(Place.queue(names)).extracting(Place::nonce).containsExactly("a", "b", "c", "d");
  }

  @Test
  void placesAreOrderedByNumberAndNotByText() {
    assertThat(Place.queue(List.of("z~1~0000000001", "a~9~0000000010", "m~2~0000000002")))
        .extracting(Place::nonce)
        .containsExactly("z", "m", "a");
  }

  @Test
  void whatIsNoPlaceIsLeftOut() {
    assertThat(Place.queue(List.of("something", "a~1", "a~1~x", "a~1~1~1"))).isEmpty();
  }
}
