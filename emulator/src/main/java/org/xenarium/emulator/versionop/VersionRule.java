package org.xenarium.emulator.versionop;

import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Outcomes of the version and parameter queries. */
public enum VersionRule implements Rule {
  VER_01("xen_version", "the command is unknown", -Errno.ENOSYS),
  VER_02("xen_version", "the argument struct cannot be read", -Errno.EFAULT),
  VER_03("xen_version", "there is one submap of features only", -Errno.EINVAL),
  VER_04("xen_version", "the argument struct cannot be written", -Errno.EFAULT),
  VER_05("xen_version", "the features", 0),
  VER_06("xen_version", "the number asked for"),
  VER_07("xen_version", "the page size is asked for with a pointer that is not null", -Errno.EINVAL),

  HVM_01("hvm_op", "the command is unknown", -Errno.ENOSYS),
  HVM_02("hvm_op", "the argument struct cannot be read", -Errno.EFAULT),
  HVM_03("hvm_op", "no such domain", -Errno.ESRCH),
  HVM_04("hvm_op", "the caller may not act on the target", -Errno.EPERM),
  HVM_05("hvm_op", "the parameter is the toolstack's own", -Errno.EPERM),
  HVM_06("hvm_op", "no such parameter on Arm", -Errno.EINVAL),
  HVM_07("hvm_op", "the argument struct cannot be written", -Errno.EFAULT),
  HVM_08("hvm_op", "the parameter", 0);

  private final Facts facts;

  VersionRule(String operation, String when, int result) {
    facts = new Facts(operation, when, Kind.RETURN, result, "public/version.h, public/hvm/params.h");
  }

  VersionRule(String operation, String when) {
    facts = new Facts(operation, when, Kind.VALUE, 0, "public/version.h");
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
