package dev.ashlar.examples.shop.run;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.examples.shop.service.Job;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.resilience.http.HttpRoute;
import dev.ashlar.serialization.JsonCodec;
import dev.ashlar.serialization.JsonOptions;
import dev.ashlar.serialization.Limits;

/**
 * The body of a request to orders or payment. The id of what is asked is made from the order's, on
 * both sides: whoever asks again asks for the same.
 *
 * @param number the place of the order in the whole run, by which faults are scheduled
 */
record Asked(long number, Order order) {

  private static final Codec<Asked> CODEC =
      JsonCodec.of(
          Asked.class,
          JsonOptions.strict()
              .withLimits(
                  Limits.standard()
                      .withSizeBytes(2 * OrderForm.LINE_MAX)
                      .withDepth(4)
                      .withItems(1_000)));

  /** Returns the route on which a service is asked; it answers with nothing but that it is done. */
  static HttpRoute<Asked, String> route(Service service) {
    return HttpRoute.post("/" + service.label(), CODEC, Codec.utf8());
  }

  Job toJob(Service service, CallContext context) {
    return service == Service.PAYMENT
        ? Job.toBePaid(order, number, context)
        : Job.placed(order, number, context);
  }
}
