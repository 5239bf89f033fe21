package org.xenarium.gnttab.kit;

import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.gnttab.abi.CacheFlushLayout;
import org.xenarium.gnttab.abi.CopyFlags;
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

/**
 * An argument struct as the guest is about to write it, byte for byte. Everything that a call may write holds a canary first, so that a
 * test sees what was left alone.
 */
public final class Struct {
  /** What a status that nobody wrote reads as. */
  public static final int UNWRITTEN = 0x7777;

  /** What a handle that nobody wrote reads as. */
  public static final int NO_HANDLE = 0x5a5a5a5a;

  /** What a device address that nobody wrote reads as. */
  public static final long NO_ADDRESS = 0x3c3c3c3c3c3c3c3cL;

  private static final int NONE = -1;

  private final int op;
  private final int statusAt;
  private final byte[] bytes;

  private Struct(int op, int size, int statusAt) {
    this(op, new byte[size], statusAt);
    if (statusAt != NONE) {
      Bytes.setShort(bytes, statusAt, UNWRITTEN);
    }
  }

  private Struct(int op, byte[] bytes, int statusAt) {
    this.op = op;
    this.bytes = bytes;
    this.statusAt = statusAt;
  }

  public static Struct map(int dom, int ref, int flags, long at) {
    return new Struct(GnttabOp.MAP_GRANT_REF, MapLayout.SIZE, MapLayout.STATUS)
        .setLong(MapLayout.HOST_ADDR, at)
        .setInt(MapLayout.FLAGS, flags)
        .setInt(MapLayout.REF, ref)
        .setShort(MapLayout.DOM, dom)
        .setInt(MapLayout.HANDLE, NO_HANDLE)
        .setLong(MapLayout.DEV_BUS_ADDR, NO_ADDRESS);
  }

  public static Struct unmap(long at, int handle) {
    return new Struct(GnttabOp.UNMAP_GRANT_REF, UnmapLayout.SIZE, UnmapLayout.STATUS)
        .setLong(UnmapLayout.HOST_ADDR, at)
        .setInt(UnmapLayout.HANDLE, handle);
  }

  public static Struct replace(long at, long newAddr, int handle) {
    return new Struct(GnttabOp.UNMAP_AND_REPLACE, UnmapAndReplaceLayout.SIZE, UnmapAndReplaceLayout.STATUS)
        .setLong(UnmapAndReplaceLayout.HOST_ADDR, at)
        .setLong(UnmapAndReplaceLayout.NEW_ADDR, newAddr)
        .setInt(UnmapAndReplaceLayout.HANDLE, handle);
  }

  public static Struct copy(End source, End dest, int length) {
    return new Struct(GnttabOp.COPY, CopyLayout.SIZE, CopyLayout.STATUS)
        .setLong(CopyLayout.SOURCE, source.word())
        .setShort(CopyLayout.SOURCE_DOMID, source.domid())
        .setShort(CopyLayout.SOURCE_OFFSET, source.offset())
        .setLong(CopyLayout.DEST, dest.word())
        .setShort(CopyLayout.DEST_DOMID, dest.domid())
        .setShort(CopyLayout.DEST_OFFSET, dest.offset())
        .setShort(CopyLayout.LEN, length)
        .setShort(CopyLayout.FLAGS, (source.byRef() ? CopyFlags.SOURCE_GREF : 0) | (dest.byRef() ? CopyFlags.DEST_GREF : 0));
  }

  public static Struct swap(int a, int b) {
    return new Struct(GnttabOp.SWAP_GRANT_REF, SwapLayout.SIZE, SwapLayout.STATUS)
        .setInt(SwapLayout.REF_A, a)
        .setInt(SwapLayout.REF_B, b);
  }

  public static Struct transfer(long gfn, int dom, int ref) {
    return new Struct(GnttabOp.TRANSFER, TransferLayout.SIZE, TransferLayout.STATUS)
        .setLong(TransferLayout.MFN, gfn)
        .setShort(TransferLayout.DOMID, dom)
        .setInt(TransferLayout.REF, ref);
  }

  public static Struct flush(long machineAddress, int offset, int length, int operation) {
    return new Struct(GnttabOp.CACHE_FLUSH, CacheFlushLayout.SIZE, NONE)
        .setLong(CacheFlushLayout.DEV_BUS_ADDR, machineAddress)
        .setShort(CacheFlushLayout.OFFSET, offset)
        .setShort(CacheFlushLayout.LENGTH, length)
        .setInt(CacheFlushLayout.OP, operation);
  }

  public static Struct setupTable(int dom, int frames, long list) {
    return new Struct(GnttabOp.SETUP_TABLE, SetupTableLayout.SIZE, SetupTableLayout.STATUS)
        .setShort(SetupTableLayout.DOM, dom)
        .setInt(SetupTableLayout.NR_FRAMES, frames)
        .setLong(SetupTableLayout.FRAME_LIST, list);
  }

  public static Struct statusFrames(int dom, int frames, long list) {
    return new Struct(GnttabOp.GET_STATUS_FRAMES, GetStatusFramesLayout.SIZE, GetStatusFramesLayout.STATUS)
        .setShort(GetStatusFramesLayout.DOM, dom)
        .setInt(GetStatusFramesLayout.NR_FRAMES, frames)
        .setLong(GetStatusFramesLayout.FRAME_LIST, list);
  }

  public static Struct querySize(int dom) {
    return new Struct(GnttabOp.QUERY_SIZE, QuerySizeLayout.SIZE, QuerySizeLayout.STATUS)
        .setShort(QuerySizeLayout.DOM, dom)
        .setInt(QuerySizeLayout.NR_FRAMES, NO_HANDLE)
        .setInt(QuerySizeLayout.MAX_NR_FRAMES, NO_HANDLE);
  }

  public static Struct getVersion(int dom) {
    return new Struct(GnttabOp.GET_VERSION, GetVersionLayout.SIZE, NONE)
        .setShort(GetVersionLayout.DOM, dom)
        .setInt(GetVersionLayout.VERSION, NO_HANDLE);
  }

  public static Struct setVersion(int version) {
    return new Struct(GnttabOp.SET_VERSION, SetVersionLayout.SIZE, NONE).setInt(SetVersionLayout.VERSION, version);
  }

  public Struct setShort(int at, int value) {
    Bytes.setShort(bytes, at, value);
    return this;
  }

  public Struct setInt(int at, int value) {
    Bytes.setInt(bytes, at, value);
    return this;
  }

  public Struct setLong(int at, long value) {
    Bytes.setLong(bytes, at, value);
    return this;
  }

  public int op() {
    return op;
  }

  public int size() {
    return bytes.length;
  }

  public int intAt(int offset) {
    return Bytes.getInt(bytes, offset);
  }

  public long longAt(int offset) {
    return Bytes.getLong(bytes, offset);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** Offset of the signed 16-bit status, or -1 where there is none. */
  int statusAt() {
    return statusAt;
  }
}
