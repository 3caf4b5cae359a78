/** Leases with fencing tokens, their keeping, and guards at the resource; needs only core. */
module dev.ashlar.leases {
  requires transitive dev.ashlar.core;
  requires static transitive org.jspecify;

  exports dev.ashlar.leases;
  exports dev.ashlar.leases.detect;
  exports dev.ashlar.leases.elect;
  exports dev.ashlar.leases.guard;
  exports dev.ashlar.leases.keep;
  exports dev.ashlar.leases.own;
}
