package com.shop;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import dev.ashlar.core.review.MessagingRules;
import dev.ashlar.core.review.TraceRules;

// [readme:arch-test]
@AnalyzeClasses(packages = "com.shop")
class ShopKeepsTheRulesTest {

  @ArchTest
  static final ArchRule SENDS =
      CompositeArchRule.of(MessagingRules.MSG_R3).and(MessagingRules.MSG_R6);

  @ArchTest
  static final ArchRule BOUNDED =
      MessagingRules.MSG_R5.except("com.shop.Archive.pages", "filled once, with twelve months");

  @ArchTest static final ArchRule TRACING = CompositeArchRule.of(TraceRules.ALL);
}
// [/readme]
