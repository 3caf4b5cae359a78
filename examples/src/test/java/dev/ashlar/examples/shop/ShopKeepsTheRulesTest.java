package dev.ashlar.examples.shop;

import static dev.ashlar.core.review.CallRules.CALL_R2;
import static dev.ashlar.core.review.CallRules.CALL_R4;
import static dev.ashlar.core.review.MessagingRules.MSG_R10;
import static dev.ashlar.core.review.MessagingRules.MSG_R11;
import static dev.ashlar.core.review.MessagingRules.MSG_R12;
import static dev.ashlar.core.review.MessagingRules.MSG_R13;
import static dev.ashlar.core.review.MessagingRules.MSG_R14;
import static dev.ashlar.core.review.MessagingRules.MSG_R15;
import static dev.ashlar.core.review.MessagingRules.MSG_R17;
import static dev.ashlar.core.review.MessagingRules.MSG_R3;
import static dev.ashlar.core.review.MessagingRules.MSG_R4;
import static dev.ashlar.core.review.MessagingRules.MSG_R5;
import static dev.ashlar.core.review.MessagingRules.MSG_R6;
import static dev.ashlar.core.review.MessagingRules.MSG_R7;
import static dev.ashlar.core.review.MessagingRules.MSG_R8;
import static dev.ashlar.core.review.MessagingRules.MSG_R9;
import static dev.ashlar.core.review.TraceRules.TRACE_R1;
import static dev.ashlar.core.review.TraceRules.TRACE_R3;
import static dev.ashlar.core.review.TraceRules.TRACE_R4;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.ashlar.core.review.LeaseRules;
import dev.ashlar.core.review.ReviewRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The shop as somebody who uses the blocks: it keeps the rules, or says why it does not. */
class ShopKeepsTheRulesTest {

  private static final String SHOP = "dev.ashlar.examples.shop.";

  private static Stream<ReviewRule> rules() {
    return Stream.of(
        MSG_R3,
        MSG_R4,
        MSG_R5.except(
            SHOP + "page.Visitors", "a visitor waits for the parts of one page at a time"),
        MSG_R6.except(
            SHOP + "fault.FaultyQueue.trySend", "the duplicate is the fault; without room, none"),
        MSG_R7
            .except(SHOP + "fault.FaultyWork.handle", "slowness is the fault that it brings about")
            .except(SHOP + "service.DualWrites", "shows what comes of doing without the blocks")
            .except(
                SHOP + "service.OutboxAndInbox.onceThereIsRoom",
                "a full outbox must not cost a message its attempts; ends with its deadline"),
        MSG_R8,
        MSG_R9,
        MSG_R10,
        MSG_R11,
        MSG_R12,
        MSG_R13,
        MSG_R14,
        MSG_R15,
        MSG_R17.except(
            SHOP + "service.OutboxAndInbox", "the site knows all its queues, and asks them"),
        CALL_R2,
        CALL_R4.except(SHOP + "run.Customers.again", "a customer who asks again is patient anew"),
        TRACE_R1
            .except(SHOP + "page.Visitors", "a visitor is where requests begin")
            .except(SHOP + "run.Customers.start", "a customer is where requests begin")
            .except(SHOP + "run.ChildProcess", "reads what a child says, for no request")
            .except(SHOP + "run.LocalServices", "starts and ends services, for no request")
            .except(SHOP + "run.ProcessServices", "ends services, for no request")
            .except(SHOP + "settle.Night.pass", "each instance begins its work itself")
            .except(SHOP + "settle.PlainLock.tryLock", "renews a lock, for no request"),
        TRACE_R3.except(SHOP + "log.ServiceLog.around", "puts the one key back that it sets"),
        TRACE_R4);
  }

  @TestFactory
  Stream<DynamicTest> rulesAreKept() {
    JavaClasses shop =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ashlar.examples.shop");
    return Stream.concat(rules(), LeaseRules.ALL.stream())
        .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> rule.check(shop)));
  }
}
