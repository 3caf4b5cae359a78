package dev.ashlar.core;

/**
 * What a failed request did to the backend.
 *
 * <p>There is no third value for "done": a request that is known to have been carried out has not
 * failed.
 */
public enum Effect {
  /** Certainly not carried out, and will not be. Only where the adapter can prove it. */
  NONE,
  /** May have been carried out, or may still be: the answer is missing, not the effect. */
  UNKNOWN
}
