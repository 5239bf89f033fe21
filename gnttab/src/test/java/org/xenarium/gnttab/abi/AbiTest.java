package org.xenarium.gnttab.abi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The numbers of the public interface as spec §1 lists them: sizes, offsets, bits, statuses. */
class AbiTest {
  @Test
  void statuses() {
    int[] statuses = {
      GntStatus.OKAY,
      GntStatus.GENERAL_ERROR,
      GntStatus.BAD_DOMAIN,
      GntStatus.BAD_GNTREF,
      GntStatus.BAD_HANDLE,
      GntStatus.BAD_VIRT_ADDR,
      GntStatus.BAD_DEV_ADDR,
      GntStatus.NO_DEVICE_SPACE,
      GntStatus.PERMISSION_DENIED,
      GntStatus.BAD_PAGE,
      GntStatus.BAD_COPY_ARG,
      GntStatus.ADDRESS_TOO_BIG,
      GntStatus.EAGAIN,
      GntStatus.NO_SPACE
    };
    assertThat(statuses).containsExactly(0, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13);
  }

  @Test
  void operations() {
    int[] operations = {
      GnttabOp.MAP_GRANT_REF,
      GnttabOp.UNMAP_GRANT_REF,
      GnttabOp.SETUP_TABLE,
      GnttabOp.DUMP_TABLE,
      GnttabOp.TRANSFER,
      GnttabOp.COPY,
      GnttabOp.QUERY_SIZE,
      GnttabOp.UNMAP_AND_REPLACE,
      GnttabOp.SET_VERSION,
      GnttabOp.GET_STATUS_FRAMES,
      GnttabOp.GET_VERSION,
      GnttabOp.SWAP_GRANT_REF,
      GnttabOp.CACHE_FLUSH
    };
    assertThat(operations).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(GnttabOp.HYPERCALL).isEqualTo(20);
  }

  @Test
  void sizes() {
    int[] sizes = {
      MapLayout.SIZE,
      UnmapLayout.SIZE,
      SetupTableLayout.SIZE,
      DumpTableLayout.SIZE,
      TransferLayout.SIZE,
      CopyLayout.SIZE,
      QuerySizeLayout.SIZE,
      UnmapAndReplaceLayout.SIZE,
      SetVersionLayout.SIZE,
      GetStatusFramesLayout.SIZE,
      GetVersionLayout.SIZE,
      SwapLayout.SIZE,
      CacheFlushLayout.SIZE
    };
    assertThat(sizes).containsExactly(32, 24, 24, 4, 24, 40, 16, 24, 4, 16, 8, 12, 16);
  }

  @Test
  void offsets() {
    assertThat(
            new int[] {
              MapLayout.HOST_ADDR, MapLayout.FLAGS, MapLayout.REF, MapLayout.DOM, MapLayout.STATUS, MapLayout.HANDLE, MapLayout.DEV_BUS_ADDR
            })
        .containsExactly(0, 8, 12, 16, 18, 20, 24);
    assertThat(new int[] {UnmapLayout.HOST_ADDR, UnmapLayout.DEV_BUS_ADDR, UnmapLayout.HANDLE, UnmapLayout.STATUS})
        .containsExactly(0, 8, 16, 20);
    assertThat(
            new int[] {
              UnmapAndReplaceLayout.HOST_ADDR, UnmapAndReplaceLayout.NEW_ADDR, UnmapAndReplaceLayout.HANDLE, UnmapAndReplaceLayout.STATUS
            })
        .containsExactly(0, 8, 16, 20);
    assertThat(new int[] {SetupTableLayout.DOM, SetupTableLayout.NR_FRAMES, SetupTableLayout.STATUS, SetupTableLayout.FRAME_LIST})
        .containsExactly(0, 4, 8, 16);
    assertThat(new int[] {DumpTableLayout.DOM, DumpTableLayout.STATUS}).containsExactly(0, 2);
    assertThat(new int[] {TransferLayout.MFN, TransferLayout.DOMID, TransferLayout.REF, TransferLayout.STATUS})
        .containsExactly(0, 8, 12, 16);
    assertThat(
            new int[] {
              CopyLayout.SOURCE, CopyLayout.SOURCE_DOMID, CopyLayout.SOURCE_OFFSET,
              CopyLayout.DEST, CopyLayout.DEST_DOMID, CopyLayout.DEST_OFFSET,
              CopyLayout.LEN, CopyLayout.FLAGS, CopyLayout.STATUS
            })
        .containsExactly(0, 8, 10, 16, 24, 26, 32, 34, 36);
    assertThat(new int[] {QuerySizeLayout.DOM, QuerySizeLayout.NR_FRAMES, QuerySizeLayout.MAX_NR_FRAMES, QuerySizeLayout.STATUS})
        .containsExactly(0, 4, 8, 12);
    assertThat(
            new int[] {
              GetStatusFramesLayout.NR_FRAMES, GetStatusFramesLayout.DOM, GetStatusFramesLayout.STATUS, GetStatusFramesLayout.FRAME_LIST
            })
        .containsExactly(0, 4, 6, 8);
    assertThat(new int[] {GetVersionLayout.DOM, GetVersionLayout.VERSION}).containsExactly(0, 4);
    assertThat(new int[] {SwapLayout.REF_A, SwapLayout.REF_B, SwapLayout.STATUS}).containsExactly(0, 4, 8);
    assertThat(new int[] {CacheFlushLayout.DEV_BUS_ADDR, CacheFlushLayout.OFFSET, CacheFlushLayout.LENGTH, CacheFlushLayout.OP})
        .containsExactly(0, 8, 10, 12);
  }

  @Test
  void bits() {
    assertThat(new int[] {GrantFlags.READONLY, GrantFlags.READING, GrantFlags.WRITING, GrantFlags.SUB_PAGE, GrantFlags.TYPE_MASK})
        .containsExactly(0x0004, 0x0008, 0x0010, 0x0100, 0x0003);
    assertThat(new int[] {GrantFlags.INVALID, GrantFlags.PERMIT_ACCESS, GrantFlags.ACCEPT_TRANSFER, GrantFlags.TRANSITIVE})
        .containsExactly(0, 1, 2, 3);
    assertThat(
            new int[] {MapFlags.DEVICE_MAP, MapFlags.HOST_MAP, MapFlags.READONLY, MapFlags.APPLICATION_MAP, MapFlags.CONTAINS_PTE})
        .containsExactly(1, 2, 4, 8, 16);
    assertThat(new int[] {CopyFlags.SOURCE_GREF, CopyFlags.DEST_GREF}).containsExactly(1, 2);
    assertThat(new int[] {CacheFlags.CLEAN, CacheFlags.INVAL, CacheFlags.SOURCE_GREF}).containsExactly(1, 2, 0x80000000);
  }
}
