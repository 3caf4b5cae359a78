package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files add to the contract of guards: bytes that change, disks that fail, and waiting. */
class FileFloorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private FileFloor floor;

  @BeforeEach
  void open() {
    floor = FileFloor.of(folder, Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(PATIENCE, TimeSource.system());
  }

  private Path floorFile() {
    return folder.resolve(".ashlar-fence/accounts.floor");
  }

  private void claim(long token) throws InterruptedException {
    assertThat(floor.raise("accounts", fence(token), soon())).isEqualTo(new Standing.Level());
  }

  @Test
  void aFloorIsAShortText() throws Exception {
    claim(7);

    assertThat(floorFile())
        .hasContent(
            """
            ashlar-fence-floor 1
            resource accounts
            lease nightly
            token 7
            owner host-7
            nonce n-7
            crc32c fc93aef9
            """);
  }

  @Test
  void noChangedByteIsTakenForAFloorAndNoPartForNone() throws Exception {
    claim(7);
    byte[] whole = Files.readAllBytes(floorFile());
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << Seeds.random(i).nextInt(8));
      assertRefused(changed);
      assertRefused(Arrays.copyOf(whole, i));
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
    assertThat(refusal(new byte[0]).reason()).isEqualTo(Reason.TRUNCATED);
    assertThat(refusal(new byte[100_000]).reason()).isEqualTo(Reason.LIMIT);

    Files.write(floorFile(), whole);
    claim(8);
  }

  private void assertRefused(byte[] content) throws Exception {
    assertThat(refusal(content).getMessage()).startsWith("accounts: floor file, ");
  }

  /** Neither a claim nor a write begins again at nothing, and a second try changes nothing. */
  private MalformedDataException refusal(byte[] content) throws Exception {
    Files.write(floorFile(), content);
    try (Transaction tx = floor.begin(soon())) {
      assertThat(damage(floor.check(tx, "accounts", fence(7)))).isNotNull();
    }
    MalformedDataException refusal = damage(floor.raise("accounts", fence(9), soon()));
    assertThat(floorFile()).hasBinaryContent(content);
    return refusal;
  }

  private static MalformedDataException damage(Standing standing) {
    assertThat(standing).isInstanceOf(Standing.Unknown.class);
    BackendException failure = ((Standing.Unknown) standing).failure();
    assertThat(failure.effect()).isEqualTo(Effect.NONE);
    assertThat(failure.advice()).isEqualTo(new Advice.Permanent());
    assertThat(failure).hasCauseInstanceOf(MalformedDataException.class);
    return requireNonNull((MalformedDataException) failure.getCause());
  }

  @Test
  void theFloorOfAnotherResourceIsNoneOfThisOne() throws Exception {
    assertThat(floor.raise("orders", fence(7), soon())).isEqualTo(new Standing.Level());
    Files.copy(folder.resolve(".ashlar-fence/orders.floor"), floorFile());

    assertThat(damage(floor.raise("accounts", fence(8), soon())).reason())
        .isEqualTo(Reason.INVALID_VALUE);
  }

  @Test
  void whatADeadWriterHasStagedIsDeletedByTheNextClaim() throws Exception {
    claim(7);
    Path fences = folder.resolve(".ashlar-fence");
    Files.writeString(fences.resolve("accounts~7~n-7~report.csv"), "half");
    Files.writeString(fences.resolve("accounts~7~n-7"), "half");
    Files.writeString(fences.resolve("accounts2~7~n-7~report.csv"), "another's");

    claim(8);

    assertThat(names(fences))
        .containsExactly("accounts.floor", "accounts.lock", "accounts2~7~n-7~report.csv");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aClaimWaitsNoLongerThanItsDeadline() throws Exception {
    claim(7);
    ManualTime time = ManualTime.create();
    try (Transaction tx = floor.begin(soon())) {
      assertThat(floor.check(tx, "accounts", fence(7))).isEqualTo(new Standing.Level());
      Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
      Background<Standing> claiming =
          Background.start("claim", () -> floor.raise("accounts", fence(8), deadline));
      Eventually.holds("the end of the wait", PATIENCE, () -> advancedUntilDone(time, claiming));

      assertThat(claiming.result())
          .isInstanceOfSatisfying(
              Standing.Unknown.class,
              unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));
    }
    claim(8);
  }

  private static boolean advancedUntilDone(ManualTime time, Background<?> task) {
    time.advance(Duration.ofSeconds(1));
    return task.isDone();
  }

  @Test
  void aRejectedWriterHoldsUpNobody() throws Exception {
    claim(8);
    try (Transaction stale = floor.begin(soon())) {
      assertThat(floor.check(stale, "accounts", fence(7)))
          .isEqualTo(new Standing.Differs(Optional.of(fence(8))));
      claim(9);
      assertThatIllegalStateException()
          .isThrownBy(() -> stale.stage("a"))
          .withMessage("tx: not checked (expected: inside Claim.write)");
    }
  }

  @Test
  void anInterruptWhileWaitingToWriteIsUnknownAndKept() throws Exception {
    claim(7);
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      Background<Boolean> writing =
          Background.start(
              "writer",
              () -> {
                Thread.currentThread().interrupt();
                try (Transaction other = floor.begin(soon())) {
                  Standing standing = floor.check(other, "accounts", fence(7));
                  return standing instanceof Standing.Unknown && Thread.interrupted();
                }
              });
      Eventually.holds("the writer", PATIENCE, writing::isDone);
      assertThat(writing.result()).isTrue();
    }
  }

  @Test
  void refusesWhatIsNoNameAndNoFolderOfItsOwn(@TempDir Path other) throws Exception {
    claim(7);
    try (Transaction tx = floor.begin(soon())) {
      FileFloor elsewhere = FileFloor.of(other, Observer.none());
      assertThatIllegalStateException()
          .isThrownBy(() -> elsewhere.check(tx, "accounts", fence(7)))
          .withMessageStartingWith("tx: of another folder");
      floor.check(tx, "accounts", fence(7));
      for (String name : new String[] {"", "..", ".ashlar-fence", "a/b", "x".repeat(65)}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> tx.stage(name))
            .withMessageStartingWith("name: " + name.length() + " characters");
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> floor.raise("../accounts", fence(7), soon()));
    assertThatThrownBy(() -> FileFloor.of(other.resolve("none"), Observer.none()))
        .isInstanceOf(BackendException.class);
  }

  @Test
  void aReportIsReplacedUnderALease() throws Exception {
    TimeSource time = TimeSource.system();
    Deadline deadline = soon();
    Leases leases =
        Leases.of(
            MemoryLeaseStore.of(time),
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.system(),
            time,
            Observer.none());
    try (Lease lease = leases.acquire(new LeaseName("nightly"), deadline).lease().orElseThrow()) {
      // [doc:FileFloor]
      FileFloor floor = FileFloor.of(folder, Observer.none());
      Guard<Transaction> guard = Guard.over(floor, Observer.none());
      Claim<Transaction> claim = guard.claim("report", lease, deadline).orThrow();
      try (Transaction tx = floor.begin(deadline)) {
        claim.write(tx, () -> Files.writeString(tx.stage("report.csv"), settled())).orThrow();
        tx.commit();
      }
      // [/doc]
    }
    assertThat(folder.resolve("report.csv")).hasContent(settled());
  }

  private static String settled() {
    return "1;settled";
  }
}
