package org.xenarium.emulator;

import java.util.Arrays;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.memoryop.Resource;
import org.xenarium.emulator.state.Digest;

/** Stands in for the floor above: lends each domain up to {@value #MOST} frames under the space of grant frames, one at the start. */
public final class LentFrames implements Module {
  public static final int MOST = 40;

  @Override
  public void register(Registry registry) {
    registry.mapSpace(MemoryAbi.SPACE_GRANT_TABLE, (domain, index) -> domain.part(Part.class).frame(index));
    registry.resource(MemoryAbi.RESOURCE_GRANT_TABLE, new LentResource());
  }

  @Override
  public DomainPart create(Domain domain, DomainConfig config) {
    Part part = new Part(domain, new long[0]);
    part.frame(0);
    return part;
  }

  /** The same frames, as resource 0. */
  private static final class LentResource implements Resource {
    @Override
    public long size(Domain domain, int id) {
      return id == 0 ? MOST : 0;
    }

    @Override
    public long[] frames(Domain domain, int id, long first, int count) {
      Part part = domain.part(Part.class);
      if (part.frame(first + count - 1) == Mfn.NONE) {
        return new long[0];
      }
      return Arrays.copyOfRange(part.frames, (int) first, (int) first + count);
    }
  }

  /** The frames lent to one domain; never changed in place. */
  public static final class Part implements DomainPart {
    private final Domain domain;
    private long[] frames;

    private Part(Domain domain, long[] frames) {
      this.domain = domain;
      this.frames = frames;
    }

    public int count() {
      return frames.length;
    }

    long frame(long index) {
      if (index < 0 || index >= MOST) {
        return Mfn.NONE;
      }
      while (frames.length <= index) {
        long mfn = domain.allocateXenHeap();
        if (mfn == Mfn.NONE) {
          return Mfn.NONE;
        }
        frames = Arrays.copyOf(frames, frames.length + 1);
        frames[frames.length - 1] = mfn;
      }
      return frames[(int) index];
    }

    @Override
    public DomainPart copy(Domain copied) {
      return new Part(copied, frames);
    }

    @Override
    public void digest(Digest digest) {
      digest.add(frames.length);
    }

    @Override
    public void freeze() {}

    @Override
    public boolean release() {
      return false;
    }
  }
}
