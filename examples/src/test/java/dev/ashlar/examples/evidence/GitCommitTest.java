package dev.ashlar.examples.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the commit of the evidence")
class GitCommitTest {

  @TempDir private Path folder;

  @Test
  void aFolderThatGitDoesNotKnowHasNoCommit() throws Exception {
    assertThat(GitCommit.of(folder)).isEqualTo("unknown");
  }

  @Test
  void aCheckoutWithoutACommitHasNone() throws Exception {
    git("init", "-q");

    assertThat(GitCommit.of(folder)).isEqualTo("unknown");
  }

  @Test
  void aCleanTreeHasItsCommitAndAChangedOneSaysSo() throws Exception {
    git("init", "-q");
    Tree.write(folder.resolve("file"), "one");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "one");

    String clean = GitCommit.of(folder);
    Tree.write(folder.resolve("file"), "two");

    assertThat(clean).matches("[0-9a-f]{40}");
    assertThat(GitCommit.of(folder)).isEqualTo(clean + "-dirty");
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
