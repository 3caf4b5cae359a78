package dev.ashlar.core.testkit;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Notes that a test failed in its own body, which JUnit's result does not tell: a failed set-up
 * looks the same, and proves nothing about a twin.
 */
final class FailedBody implements InvocationInterceptor {

  static final String ENTRY = "ashlar.failed-body";

  @Override
  public void interceptTestMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> test, ExtensionContext context)
      throws Throwable {
    note(body, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> test, ExtensionContext context)
      throws Throwable {
    note(body, context);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> body, DynamicTestInvocationContext test, ExtensionContext context)
      throws Throwable {
    note(body, context);
  }

  private static void note(Invocation<Void> body, ExtensionContext context) throws Throwable {
    try {
      body.proceed();
    } catch (Throwable e) {
      context.publishReportEntry(ENTRY, e.getClass().getName());
      throw e;
    }
  }
}
