package org.xenarium.scenarios.script;

/**
 * Who does something: a thread on a vCPU of a domain. Written {@code A} (vCPU 0), {@code A/1}, or {@code A/0/reader}.
 *
 * @param domain name of the domain in the scenario
 * @param thread empty for the first thread
 */
public record Actor(String domain, int vcpu, String thread) {
  /** The first thread of the first vCPU. */
  public static Actor of(String domain) {
    return new Actor(domain, 0, "");
  }

  @Override
  public String toString() {
    return !thread.isEmpty() ? domain + "/" + vcpu + "/" + thread : vcpu != 0 ? domain + "/" + vcpu : domain;
  }
}
