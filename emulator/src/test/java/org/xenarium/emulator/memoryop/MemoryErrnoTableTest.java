package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.emulator.memoryop.MemoryRule.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/**
 * The overview of memory_op's errors, spec §10.4, row by row: which rules produce which errno. That each rule is produced, in its place among the
 * others, is shown by the test that bears its name (EveryRuleTest).
 */
class MemoryErrnoTableTest {
  private record Row(int errno, String producer, MemoryRule... rules) {
    @Override
    public String toString() {
      return Errno.name(-errno) + ": " + producer;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(Errno.EPERM, "target rule", ATP_06, BATCH_06, RFP_04, QRY_04, XCHG_11, FOREIGN_05),
        new Row(Errno.EPERM, "gmfn_foreign of the caller itself", FOREIGN_02),
        new Row(Errno.EPERM, "exchange order limit", XCHG_03),
        new Row(Errno.EPERM, "acquire_resource on self / not privileged", ACQ_05, ACQ_06),
        new Row(Errno.ENOENT, "remove_from_physmap of a gfn without own/foreign RAM", RFP_05),
        new Row(Errno.ENOENT, "p2m insertion without page-table pages", ATP_20, ACQ_16),
        new Row(Errno.ESRCH, "unknown domid", ATP_04, BATCH_04, RFP_03, QRY_03, XCHG_10, ACQ_04, FOREIGN_01, FOREIGN_03),
        new Row(Errno.EIO, "acquire_resource, later frame of a chunk", ACQ_14),
        new Row(Errno.ENOMEM, "p2m split without pool pages", ATP_21, RFP_09, ACQ_17),
        new Row(Errno.ENOMEM, "a failure that was ordered (not of the specification)", RFP_08),
        new Row(Errno.ENOMEM, "dying target", ATP_18, RFP_06, ACQ_22),
        new Row(Errno.EACCES, "dev_mmio by others than the hardware domain on itself", ATP_05, BATCH_05),
        new Row(Errno.EACCES, "acquire_resource before 4.15 (§6.9)", ACQ_01),
        new Row(Errno.EFAULT, "F16", ATP_02, RFP_02, QRY_02),
        new Row(Errno.EFAULT, "F17", BATCH_02, BATCH_10, BATCH_12),
        new Row(Errno.EFAULT, "F18", XCHG_02, XCHG_12, XCHG_15),
        new Row(Errno.EFAULT, "F19", ACQ_02, ACQ_10, ACQ_13),
        new Row(Errno.EBUSY, "shared_info / grant frame already in the physmap", ATP_16),
        new Row(Errno.EBUSY, "dying", ATP_15),
        new Row(Errno.EINVAL, "idx out of range", ATP_13, ATP_14),
        new Row(Errno.EINVAL, "gpfn all-ones", ATP_07, BATCH_11),
        new Row(Errno.EINVAL, "gfn beyond p2m", ATP_17, ACQ_15),
        new Row(Errno.EINVAL, "foreign page not plain RAM", FOREIGN_06, FOREIGN_07),
        new Row(Errno.EINVAL, "foreign domain = target", FOREIGN_04),
        new Row(Errno.EINVAL, "start_extent where not allowed", RFP_01, QRY_01, XCHG_01),
        new Row(Errno.EINVAL, "acquire_resource argument errors", ACQ_03, ACQ_07, ACQ_08, ACQ_11, ACQ_12, ACQ_19),
        new Row(Errno.EINVAL, "exchange argument errors (§6.8)", XCHG_04, XCHG_05, XCHG_06, XCHG_07, XCHG_09, XCHG_13),
        new Row(Errno.EDOM, "add_to_physmap(_batch) start_extent > 16 bits", ATP_01, BATCH_01),
        new Row(Errno.ENOSYS, "unknown op", MEM_01),
        new Row(Errno.ENOSYS, "add_to_physmap with gmfn, gmfn_foreign (single form), unknown space", ATP_03, ATP_11, ATP_12),
        new Row(Errno.EOVERFLOW, "gmfn_range wrap", ATP_09),
        new Row(Errno.EILSEQ, "start_extent beyond size", ATP_08, BATCH_07),
        new Row(Errno.EOPNOTSUPP, "batch with gmfn_range", BATCH_03),
        new Row(Errno.EOPNOTSUPP, "dev_mmio with res0 ≠ 0", BATCH_09),
        new Row(Errno.EOPNOTSUPP, "exchange of a real page", XCHG_14),
        new Row(Errno.EOPNOTSUPP, "acquire_resource of an unknown kind, 4.17 (measured)", ACQ_20));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void the_rules_of_a_row_have_its_errno(Row row) {
    assertThat(row.rules).isNotEmpty().allMatch(rule -> rule.result() == -row.errno && rule.facts().kind() == Rule.Kind.RETURN);
  }

  @Test
  void every_rule_with_an_errno_is_in_one_row() {
    List<MemoryRule> listed = new ArrayList<>();
    rows().forEach(row -> listed.addAll(Arrays.asList(row.rules)));
    assertThat(listed).doesNotHaveDuplicates();
    assertThat(Arrays.stream(MemoryRule.values()).filter(rule -> rule.result() != 0)).containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void a_short_count_is_what_the_reservation_calls_and_only_they_answer() {
    assertThat(Arrays.stream(MemoryRule.values()).filter(rule -> rule.facts().kind() == Rule.Kind.COUNT))
        .isNotEmpty()
        .allMatch(rule -> rule.name().startsWith("RES_"));
  }
}
