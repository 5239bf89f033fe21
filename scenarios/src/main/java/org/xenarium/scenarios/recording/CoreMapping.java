package org.xenarium.scenarios.recording;

/**
 * One entry of a domain's physmap in the xen-core format.
 *
 * @param gfn guest frame, below 2<sup>28</sup>
 * @param mfn machine frame
 * @param type Xen's {@code p2m_type_t} of Arm: 1 ram_rw, 2 ram_ro, 3 mmio_direct_dev, 6 map_foreign_rw, 7 map_foreign_ro, 8 grant_map_rw,
 *     9 grant_map_ro
 */
public record CoreMapping(long gfn, long mfn, int type) {}
