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

  BIND_01("evtchn_bind_interdomain", "no such remote domain", -Errno.ESRCH),
  BIND_02("evtchn_bind_interdomain", "no port is left", -Errno.ENOSPC),
  BIND_03("evtchn_bind_interdomain", "the remote port is not one that waits for the caller", -Errno.EINVAL),
  BIND_04("evtchn_bind_interdomain", "the security policy refuses", -Errno.EPERM),
  BIND_05("evtchn_bind_interdomain", "bound", 0),

  SEND_01("evtchn_send", "the port is not open", -Errno.EINVAL),
  SEND_02("evtchn_send", "nobody is bound yet: the event is dropped", 0),
  SEND_03("evtchn_send", "the event is pending at the other end", 0),

  CLOSE_01("evtchn_close", "the port is not open", -Errno.EINVAL),
  CLOSE_02("evtchn_close", "closed", 0),

  PORT_01("evtchn_status", "no such domain", -Errno.ESRCH),
  PORT_02("evtchn_status", "there is no such port", -Errno.EINVAL),
  PORT_03("evtchn_status", "the caller may not act on the domain", -Errno.EPERM),
  PORT_04("evtchn_status", "the state of the port", 0),

  UNMASK_01("evtchn_unmask", "there is no such port", -Errno.EINVAL),
  UNMASK_02("evtchn_unmask", "unmasked", 0);

  private final Facts facts;

  EventRule(String operation, String when, int result) {
    facts = new Facts(operation, when, Kind.RETURN, result, "public/event_channel.h");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
