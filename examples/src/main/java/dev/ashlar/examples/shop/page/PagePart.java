package dev.ashlar.examples.shop.page;

import dev.ashlar.core.IdSource;
import dev.ashlar.examples.shop.fault.Target;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a product page is put together from; each part comes from a backend of its own. */
public enum PagePart implements Target {
  /** What others pay for showing. */
  ADVERTS,
  /** What others have bought. */
  RECOMMENDATIONS,
  /** What it costs. */
  PRICES;

  /** Returns the name as it stands in a path. */
  public String path() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String label() {
    return "page-" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns the part of that name. */
  public static Optional<PagePart> named(String label) {
    return IdSource.isWellFormed(label)
        ? Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst()
        : Optional.empty();
  }
}
