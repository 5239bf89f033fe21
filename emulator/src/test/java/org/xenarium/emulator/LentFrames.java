package org.xenarium.emulator;

import java.util.Arrays;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.state.Digest;

/** Stands in for the floor above: lends each domain up to {@value #MOST} frames under the space of grant frames, one at the start. */
public final class LentFrames implements Module {
  public static final int MOST = 3;

  @Override
  public void register(Registry registry) {
    registry.mapSpace(MemoryAbi.SPACE_GRANT_TABLE, (domain, index) -> domain.part(Part.class).frame(index));
  }

  @Override
  public DomainPart create(Domain domain, DomainConfig config) {
    Part part = new Part(domain, new long[0]);
    part.frame(0);
    return part;
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
        frames = Arrays.copyOf(frames, frames.length + 1);
        frames[frames.length - 1] = domain.allocateXenHeap();
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
