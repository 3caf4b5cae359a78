package dev.ashlar.examples.shop.order;

/**
 * Some of one product.
 *
 * @param sku names the product
 * @param quantity how many of it
 */
public record Item(String sku, int quantity) {}
