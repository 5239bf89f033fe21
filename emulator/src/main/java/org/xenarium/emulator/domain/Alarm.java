package org.xenarium.emulator.domain;

/** Makes things happen to a vCPU at a later time. The world's side of the clock. */
public interface Alarm {
  /** No clock: nothing ever happens by itself. */
  Alarm NONE =
      new Alarm() {
        @Override
        public void interrupt(Vcpu vcpu) {}

        @Override
        public void wakeAt(Vcpu vcpu, long nanos) {}
      };

  /** An order instead of a clock, in which nothing takes time: interrupts are there at once, and polls that have an end have ended. */
  Alarm AT_ONCE =
      new Alarm() {
        @Override
        public void interrupt(Vcpu vcpu) {
          vcpu.upcalls().arrive();
        }

        @Override
        public void wakeAt(Vcpu vcpu, long nanos) {
          if (nanos != 0) {
            vcpu.upcalls().endPoll();
          }
        }
      };

  /** The event-channel interrupt of that vCPU is on its way. */
  void interrupt(Vcpu vcpu);

  /** Ends a poll of that vCPU at that virtual time, and no other poll; 0 for never. */
  void wakeAt(Vcpu vcpu, long nanos);
}
