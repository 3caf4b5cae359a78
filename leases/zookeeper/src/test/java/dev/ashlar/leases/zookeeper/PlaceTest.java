package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void aNameSaysWhoseItIsAndWhereInTheLine() {
    Place place = Place.parse("01J-a.b_c~me~1000c4~0000000012").orElseThrow();

    assertThat(place).isEqualTo(new Place("01J-a.b_c", "me", "1000c4", 12));
    assertThat(place.nodeName()).isEqualTo("01J-a.b_c~me~1000c4~0000000012");
    assertThat(place.isMadeBy(0x1000c4L)).isTrue();
    assertThat(place.movedTo(0xffL).nodeName()).isEqualTo("01J-a.b_c~me~ff~0000000012");
  }

  @Test
  void theLineGoesOnWhenTheCounterOfTheServerIsFull() {
    List<String> names =
        List.of("c~m~1~-2147483648", "a~m~1~2147483646", "d~m~1~-2147483647", "b~m~1~2147483647");

    assertThat(Place.queue(names)).extracting(Place::nonce).containsExactly("a", "b", "c", "d");
  }

  /** The server prints it as C's {@code %010d} does. */
  @Test
  void aNameIsAsTheServerWritesIt() {
    for (String number :
        List.of("0000000000", "0000000007", "2147483647", "-000000007", "-2147483648")) {
      String name = "a~m~1~" + number;
      assertThat(Place.parse(name).orElseThrow().nodeName()).isEqualTo(name);
    }
  }

  @Test
  void placesAreOrderedByNumberAndNotByText() {
    assertThat(Place.queue(List.of("z~m~1~0000000001", "a~m~9~0000000010", "m~m~2~0000000002")))
        .extracting(Place::nonce)
        .containsExactly("z", "m", "a");
  }

  @Test
  void whatIsNoPlaceIsLeftOut() {
    assertThat(Place.queue(List.of("something", "a~1", "a~m~1~x", "a~m~1~1~1", "a~1~1"))).isEmpty();
  }
}
