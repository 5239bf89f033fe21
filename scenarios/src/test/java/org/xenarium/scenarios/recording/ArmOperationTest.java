package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xenarium.scenarios.recording.ArmOperation.Kind;

/** The table of operations agrees with what the recording guest passed. */
class ArmOperationTest {
  @ParameterizedTest
  @CsvSource({
    "MAP, 20, 0, 32, 18", "UNMAP, 20, 1, 24, 20", "SETUP_TABLE, 20, 2, 24, 8", "DUMP_TABLE, 20, 3, 4, 2", "TRANSFER, 20, 4, 24, 16",
    "COPY, 20, 5, 40, 36", "QUERY_SIZE, 20, 6, 16, 12", "UNMAP_AND_REPLACE, 20, 7, 24, 20", "SET_VERSION, 20, 8, 4, -1",
    "GET_STATUS_FRAMES, 20, 9, 16, 6", "GET_VERSION, 20, 10, 8, -1", "SWAP_GRANT_REF, 20, 11, 12, 8", "CACHE_FLUSH, 20, 12, 16, -1",
    "ADD_TO_PHYSMAP, 12, 7, 24, -1", "REMOVE_FROM_PHYSMAP, 12, 15, 16, -1", "INCREASE_RESERVATION, 12, 0, 32, -1",
    "DECREASE_RESERVATION, 12, 1, 32, -1", "POPULATE_PHYSMAP, 12, 6, 32, -1", "MAXIMUM_RAM_PAGE, 12, 2, 8, -1",
    "CURRENT_RESERVATION, 12, 3, 8, -1", "MAXIMUM_RESERVATION, 12, 4, 8, -1", "MAXIMUM_GPFN, 12, 14, 8, -1", "XEN_VERSION, 17, 0, 8, -1",
    "GET_FEATURES, 17, 6, 8, -1", "EVTCHN_ALLOC_UNBOUND, 32, 6, 8, -1", "EVTCHN_BIND_INTERDOMAIN, 32, 0, 12, -1",
    "EVTCHN_SEND, 32, 4, 4, -1", "EVTCHN_CLOSE, 32, 3, 4, -1", "HVM_GET_PARAM, 34, 1, 16, -1"
  })
  void hypercallCommandSizeAndStatus(ArmOperation operation, int hypercall, int command, int size, int statusOffset) {
    assertThat(operation.kind()).isEqualTo(Kind.STRUCT);
    assertThat(List.of(operation.hypercall(), operation.command(), operation.structSize(), operation.statusOffset()))
        .containsExactly(hypercall, command, size, statusOffset);
    assertThat(operation.hasStatus()).isEqualTo(statusOffset >= 0);
  }

  @ParameterizedTest
  @EnumSource(ArmOperation.class)
  void fieldsLieInTheirStructWithoutOverlap(ArmOperation operation) {
    List<ArmField> fields = new ArrayList<>(operation.in());
    for (ArmField out : operation.out()) {
      if (operation.in().stream().noneMatch(in -> in.equals(out))) {
        fields.add(out);
      }
    }
    if (operation.kind() != Kind.STRUCT) {
      assertThat(operation.structSize()).isZero();
      assertThat(fields).allSatisfy(field -> assertThat(field.offset()).isEqualTo(-1));
      return;
    }
    if (operation.hasStatus()) {
      fields.add(new ArmField("status", operation.statusOffset(), 2));
    }
    boolean[] taken = new boolean[operation.structSize()];
    for (ArmField field : fields) {
      assertThat(field.offset() % field.size()).as("alignment of " + field.name()).isZero();
      for (int at = field.offset(); at < field.offset() + field.size(); at++) {
        assertThat(taken[at]).as(field.name()).isFalse();
        taken[at] = true;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ArmOperation.class)
  void theNameIsThatOfTheFormat(ArmOperation operation) {
    assertThat(ArmOperation.named(operation.recordedName())).isSameAs(operation);
    assertThat(operation.name()).isEqualToIgnoringCase(operation.recordedName());
  }

  @Test
  void setVersionReadsAndWritesOneField() {
    assertThat(ArmOperation.SET_VERSION.in()).isEqualTo(ArmOperation.SET_VERSION.out());
  }

  @Test
  void accessesHaveTheirSize() {
    assertThat(Stream.of(ArmOperation.R8, ArmOperation.W16, ArmOperation.R32, ArmOperation.W64).map(ArmOperation::accessSize))
        .containsExactly(1, 2, 4, 8);
  }
}
