package org.xenarium.emulator.schedop;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Every outcome of {@code sched_op}, as measured on 4.17.7. */
public enum SchedRule implements Rule {
  SCHED_01("sched_op", "the command is unknown", -Errno.ENOSYS),
  SCHED_02("sched_op", "the argument struct cannot be read", -Errno.EFAULT),
  SCHED_03("sched_yield", "others may run first", 0),
  SCHED_04("sched_block", "nothing more until there is an event; interrupts are enabled", 0),

  SHUTDOWN_01("sched_shutdown", "the domain is shut down for that reason", 0),
  SHUTDOWN_02("sched_shutdown_code", "the reason is noted for a later shutdown", 0),

  POLL_01("sched_poll", "more than 128 ports", -Errno.EINVAL),
  POLL_02("sched_poll", "the list of ports cannot be read", -Errno.EFAULT),
  POLL_03("sched_poll", "a port that is not open", -Errno.EINVAL),
  POLL_04("sched_poll", "an event waits at one of the ports, or for the vCPU", 0),
  POLL_05("sched_poll", "nothing more until there is an event at one of the ports, or the time has come", 0),

  REMOTE_01("sched_remote_shutdown", "no such domain", -Errno.ESRCH),
  REMOTE_02("sched_remote_shutdown", "the caller itself, or a domain on which it may not act", -Errno.EPERM),
  REMOTE_03("sched_remote_shutdown", "the domain is shut down for that reason", 0),

  PINOVERRIDE_01("sched_pin_override", "only the hardware domain may", -Errno.EPERM);

  private final Facts facts;

  SchedRule(String operation, String when, int result) {
    facts = new Facts(operation, when, Kind.RETURN, result, "public/sched.h");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
