package org.xenarium.emulator.fault;

/** A place in the code that asks whether it is to fail. Implemented by enums, one for each part that has such places. */
public interface FaultPoint {
  /** The constant's name; every enum has it. */
  String name();
}
