package org.xenarium.scenarios.replay;

import org.jspecify.annotations.Nullable;
import org.xenarium.gnttab.abi.CacheFlushLayout;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.GetStatusFramesLayout;
import org.xenarium.gnttab.abi.GetVersionLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.QuerySizeLayout;
import org.xenarium.gnttab.abi.SetVersionLayout;
import org.xenarium.gnttab.abi.SetupTableLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.TransferLayout;
import org.xenarium.gnttab.abi.UnmapAndReplaceLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.scenarios.recording.CoreOperation;

/**
 * How the elements of an operation of the xen-core format lie in guest memory.
 *
 * @param command of the grant_table_op hypercall
 * @param size of one struct in bytes
 * @param status offset of the 16-bit status, -1 where there is none
 * @param inputs offset and size of each input, in the order of {@link CoreOperation#elementFields}
 */
record CoreStruct(int command, int size, int status, int... inputs) {
  /** The struct of that operation; null for those that are no hypercall with an array or a single struct. */
  static @Nullable CoreStruct of(CoreOperation operation) {
    return switch (operation) {
      case MAP ->
          new CoreStruct(
              GnttabOp.MAP_GRANT_REF, MapLayout.SIZE, MapLayout.STATUS,
              MapLayout.HOST_ADDR, 8, MapLayout.FLAGS, 4, MapLayout.REF, 4, MapLayout.DOM, 2);
      case UNMAP ->
          new CoreStruct(
              GnttabOp.UNMAP_GRANT_REF, UnmapLayout.SIZE, UnmapLayout.STATUS,
              UnmapLayout.HOST_ADDR, 8, UnmapLayout.DEV_BUS_ADDR, 8, UnmapLayout.HANDLE, 4);
      case UNMAPREP ->
          new CoreStruct(
              GnttabOp.UNMAP_AND_REPLACE, UnmapAndReplaceLayout.SIZE, UnmapAndReplaceLayout.STATUS,
              UnmapAndReplaceLayout.HOST_ADDR, 8, UnmapAndReplaceLayout.NEW_ADDR, 8, UnmapAndReplaceLayout.HANDLE, 4);
      case COPY ->
          new CoreStruct(
              GnttabOp.COPY, CopyLayout.SIZE, CopyLayout.STATUS,
              CopyLayout.SOURCE, 8, CopyLayout.SOURCE_DOMID, 2, CopyLayout.SOURCE_OFFSET, 2,
              CopyLayout.DEST, 8, CopyLayout.DEST_DOMID, 2, CopyLayout.DEST_OFFSET, 2,
              CopyLayout.LEN, 2, CopyLayout.FLAGS, 2);
      case TRANSFER ->
          new CoreStruct(
              GnttabOp.TRANSFER, TransferLayout.SIZE, TransferLayout.STATUS,
              TransferLayout.MFN, 8, TransferLayout.DOMID, 2, TransferLayout.REF, 4);
      case SWAP ->
          new CoreStruct(GnttabOp.SWAP_GRANT_REF, SwapLayout.SIZE, SwapLayout.STATUS, SwapLayout.REF_A, 4, SwapLayout.REF_B, 4);
      case CFLUSH ->
          new CoreStruct(
              GnttabOp.CACHE_FLUSH, CacheFlushLayout.SIZE, -1,
              CacheFlushLayout.DEV_BUS_ADDR, 8, CacheFlushLayout.OFFSET, 2, CacheFlushLayout.LENGTH, 2, CacheFlushLayout.OP, 4);
      case SETUP ->
          new CoreStruct(
              GnttabOp.SETUP_TABLE, SetupTableLayout.SIZE, SetupTableLayout.STATUS,
              SetupTableLayout.DOM, 2, SetupTableLayout.NR_FRAMES, 4, SetupTableLayout.FRAME_LIST, 8);
      case GETSTAT ->
          new CoreStruct(
              GnttabOp.GET_STATUS_FRAMES, GetStatusFramesLayout.SIZE, GetStatusFramesLayout.STATUS,
              GetStatusFramesLayout.DOM, 2, GetStatusFramesLayout.NR_FRAMES, 4, GetStatusFramesLayout.FRAME_LIST, 8);
      case QUERY -> new CoreStruct(GnttabOp.QUERY_SIZE, QuerySizeLayout.SIZE, QuerySizeLayout.STATUS, QuerySizeLayout.DOM, 2);
      case SETVER -> new CoreStruct(GnttabOp.SET_VERSION, SetVersionLayout.SIZE, -1, SetVersionLayout.VERSION, 4);
      case GETVER -> new CoreStruct(GnttabOp.GET_VERSION, GetVersionLayout.SIZE, -1, GetVersionLayout.DOM, 2);
      case RAW, ATP, RFP, ACQRES, GW, GPW, GPR, DESTROY -> null;
    };
  }

  int inputCount() {
    return inputs.length / 2;
  }

  void put(byte[] bytes, int at, int input, long value) {
    int start = at + inputs[2 * input];
    for (int i = 0; i < inputs[2 * input + 1]; i++) {
      bytes[start + i] = (byte) (value >>> (8 * i));
    }
  }
}
