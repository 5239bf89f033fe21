package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.xenarium.emulator.fault.FaultPoint;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.gnttab.driver.DriverFault;
import org.xenarium.gnttab.op.MapFault;

/** Everything that can be made to fail; a scenario's number for it is its place here. */
public final class FaultNames {
  /** In the order in which the parts list them. */
  public static final ImmutableList<FaultPoint> POINTS =
      Stream.<FaultPoint[]>of(MapFault.values(), MemoryFault.values(), DriverFault.values())
          .flatMap(Stream::of)
          .collect(ImmutableList.toImmutableList());

  private FaultNames() {}
}
