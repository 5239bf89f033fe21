package org.xenarium.emulator.evtchn;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Every outcome of {@code event_channel_op}, as measured on 4.17.7. */
public enum EventRule implements Rule {
  EVT_01("event_channel_op", "the command is unknown", -Errno.ENOSYS),
  EVT_02("event_channel_op", "the argument struct cannot be read", -Errno.EFAULT),
  EVT_03("event_channel_op", "the argument struct cannot be written", -Errno.EFAULT),

  UNBOUND_01("evtchn_alloc_unbound", "no such domain", -Errno.ESRCH),
  UNBOUND_02("evtchn_alloc_unbound", "the caller may not act on the domain", -Errno.EPERM),
  UNBOUND_03("evtchn_alloc_unbound", "no port is left", -Errno.ENOSPC),
  UNBOUND_04("evtchn_alloc_unbound", "silo: no such remote domain", -Errno.ESRCH),
  UNBOUND_05("evtchn_alloc_unbound", "the security policy refuses", -Errno.EPERM),
  UNBOUND_06("evtchn_alloc_unbound", "a port for the remote domain to bind to", 0),
  UNBOUND_07("evtchn_alloc_unbound", "the domain is dying", -Errno.EINVAL),

  BIND_01("evtchn_bind_interdomain", "no such remote domain", -Errno.ESRCH),
  BIND_02("evtchn_bind_interdomain", "no port is left", -Errno.ENOSPC),
  BIND_03("evtchn_bind_interdomain", "the remote port is not one that waits for the caller", -Errno.EINVAL),
  BIND_04("evtchn_bind_interdomain", "the security policy refuses", -Errno.EPERM),
  BIND_05("evtchn_bind_interdomain", "bound", 0),

  SEND_01("evtchn_send", "the port is not open", -Errno.EINVAL),
  SEND_02("evtchn_send", "nobody is bound yet: the event is dropped", 0),
  SEND_03("evtchn_send", "the event is pending at the other end", 0),
  SEND_04("evtchn_send", "the port is a virtual interrupt, which Xen alone raises", -Errno.EINVAL),
  SEND_05("evtchn_send", "the event is pending at the port itself, for the vCPU that it leads to", 0),

  CLOSE_01("evtchn_close", "the port is not open", -Errno.EINVAL),
  CLOSE_02("evtchn_close", "closed", 0),

  PORT_01("evtchn_status", "no such domain", -Errno.ESRCH),
  PORT_02("evtchn_status", "there is no such port", -Errno.EINVAL),
  PORT_03("evtchn_status", "the caller may not act on the domain", -Errno.EPERM),
  PORT_04("evtchn_status", "the state of the port", 0),

  UNMASK_01("evtchn_unmask", "there is no such port", -Errno.EINVAL),
  UNMASK_02("evtchn_unmask", "unmasked", 0),

  IPI_01("evtchn_bind_ipi", "there is no such vCPU", -Errno.ENOENT),
  IPI_02("evtchn_bind_ipi", "no port is left", -Errno.ENOSPC),
  IPI_03("evtchn_bind_ipi", "bound", 0),

  VIRQ_01("evtchn_bind_virq", "there is no such virtual interrupt", -Errno.EINVAL),
  VIRQ_02("evtchn_bind_virq", "a global virtual interrupt begins at vCPU 0", -Errno.EINVAL),
  VIRQ_03("evtchn_bind_virq", "there is no such vCPU", -Errno.ENOENT),
  VIRQ_04("evtchn_bind_virq", "the virtual interrupt has a port already", -Errno.EEXIST),
  VIRQ_05("evtchn_bind_virq", "no port is left", -Errno.ENOSPC),
  VIRQ_06("evtchn_bind_virq", "bound", 0),

  VCPU_01("evtchn_bind_vcpu", "there is no such vCPU", -Errno.ENOENT),
  VCPU_02("evtchn_bind_vcpu", "there is no such port", -Errno.EINVAL),
  VCPU_03("evtchn_bind_vcpu", "the port is closed, or belongs to its vCPU for good", -Errno.EINVAL),
  VCPU_04("evtchn_bind_vcpu", "the vCPU hears of the port's events", 0),

  RESET_01("evtchn_reset", "no such domain", -Errno.ESRCH),
  RESET_02("evtchn_reset", "the caller may not act on the domain", -Errno.EPERM),
  RESET_03("evtchn_reset", "another domain that is not paused", -Errno.EINVAL),
  RESET_04("evtchn_reset", "there is no preempted reset to go on with", -Errno.EBUSY),
  RESET_05("evtchn_reset", "all ports are closed", 0),

  FIFO_01("evtchn_expand_array", "the domain does not have the FIFO interface", -Errno.EOPNOTSUPP),
  FIFO_02("evtchn_set_priority", "the 2-level interface has no priorities", -Errno.ENOSYS);

  private final Facts facts;

  EventRule(String operation, String when, int result) {
    facts = new Facts(operation, when, Kind.RETURN, result, "public/event_channel.h");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
