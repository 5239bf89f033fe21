package org.xenarium.scenarios.campaign;

/** Ends a run in which something does not hold. */
final class FoundException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Finding finding;

  FoundException(Finding finding) {
    super(finding.toString(), null, false, false);
    this.finding = finding;
  }

  Finding finding() {
    return finding;
  }
}
