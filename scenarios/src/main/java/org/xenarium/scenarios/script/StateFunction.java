package org.xenarium.scenarios.script;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A question that a condition can ask about the state of the machine, always of one domain. */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum StateFunction {
  FLAGS("flags of a grant entry", FieldType.GRANT_FLAGS, FieldType.REF),
  DOMID("domain that a grant entry names", FieldType.DOMAIN, FieldType.REF),
  FRAME("guest frame that a grant entry names", FieldType.GFN, FieldType.REF),
  PINS("how often the hypervisor has a grant pinned", FieldType.NUMBER, FieldType.REF),
  WRITE_PINS("how many of those pins are for writing", FieldType.NUMBER, FieldType.REF),
  PAGE("machine frame behind a guest frame, or hole", FieldType.MFN, FieldType.GFN),
  TYPE("type of a guest frame's physmap entry", FieldType.ENTRY_TYPE, FieldType.GFN),
  PAGES("how many pages of RAM the domain owns", FieldType.NUMBER),
  HANDLES("how many grants the domain has mapped", FieldType.NUMBER),
  GRANT_FRAMES("how many frames its grant table has", FieldType.NUMBER),
  GRANT_VERSION("version of its grant table", FieldType.NUMBER),
  LIFE("alive, dying, dead (a zombie) or gone", FieldType.LIFE),
  M8("the byte at an address of the domain", FieldType.NUMBER, FieldType.ADDRESS),
  M16("two bytes at an address", FieldType.NUMBER, FieldType.ADDRESS),
  M32("four bytes at an address", FieldType.NUMBER, FieldType.ADDRESS),
  M64("eight bytes at an address", FieldType.NUMBER, FieldType.ADDRESS),
  FREE_REFS("references that its driver has to give", FieldType.NUMBER),
  USED("1 while its driver has given that reference out, else 0", FieldType.NUMBER, FieldType.REF),
  PENDING("1 while that event port of the domain is pending, else 0", FieldType.NUMBER, FieldType.NUMBER),
  IRQ_LOCKS("how many times the running thread of its vCPU 0 has interrupts locked", FieldType.NUMBER);

  private final String summary;
  private final FieldType type;
  private final List<FieldType> parameters;

  StateFunction(String summary, FieldType type, FieldType... parameters) {
    this.summary = summary;
    this.type = type;
    this.parameters = List.of(parameters);
  }

  static @Nullable StateFunction named(String name) {
    return Arrays.stream(values()).filter(function -> function.spelling().equals(name)).findFirst().orElse(null);
  }

  static List<String> names() {
    return Arrays.stream(values()).map(StateFunction::spelling).toList();
  }

  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it tells, in a few words. */
  String summary() {
    return summary;
  }

  /** What kind of number it gives. */
  FieldType type() {
    return type;
  }

  /** What it takes besides the domain. */
  List<FieldType> parameters() {
    return parameters;
  }
}
