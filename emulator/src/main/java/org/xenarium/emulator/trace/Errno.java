package org.xenarium.emulator.trace;

/** Error numbers of the Xen ABI, the same as Linux's generic ones; a hypercall returns them negated. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int EDOM = 33;
  public static final int ERANGE = 34;
  public static final int ENOSYS = 38;
  public static final int EOVERFLOW = 75;
  public static final int EILSEQ = 84;
  public static final int EOPNOTSUPP = 95;

  private Errno() {}

  /** The name of a return value, such as {@code -EFAULT} for -14; the number itself where it has none. */
  public static String name(long value) {
    String name =
        switch ((int) -value) {
          case EPERM -> "EPERM";
          case ENOENT -> "ENOENT";
          case ESRCH -> "ESRCH";
          case EIO -> "EIO";
          case ENXIO -> "ENXIO";
          case EAGAIN -> "EAGAIN";
          case ENOMEM -> "ENOMEM";
          case EACCES -> "EACCES";
          case EFAULT -> "EFAULT";
          case EBUSY -> "EBUSY";
          case EEXIST -> "EEXIST";
          case EINVAL -> "EINVAL";
          case ENOSPC -> "ENOSPC";
          case EDOM -> "EDOM";
          case ERANGE -> "ERANGE";
          case ENOSYS -> "ENOSYS";
          case EOVERFLOW -> "EOVERFLOW";
          case EILSEQ -> "EILSEQ";
          case EOPNOTSUPP -> "EOPNOTSUPP";
          default -> null;
        };
    return name == null || value >= 0 ? Long.toString(value) : "-" + name;
  }
}
