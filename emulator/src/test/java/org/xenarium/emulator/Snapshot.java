package org.xenarium.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;

/** Everything that can be seen of a small machine, line by line: what digests are compared with. */
public final class Snapshot {
  private Snapshot() {}

  public static List<String> of(Machine machine) {
    List<String> lines = new ArrayList<>();
    lines.add("now " + machine.now());
    for (Domain domain : machine.world().domains()) {
      lines.add(
          "domain %d %s tot %d max %d highest 0x%x shared 0x%x"
              .formatted(domain.id(), domain.life(), domain.totPages(), domain.maxPages(), domain.physmap().maxMapped(),
                  domain.sharedInfo()));
      for (int i = 0; i < domain.vcpuCount(); i++) {
        lines.add(text(domain.vcpu(i)));
      }
      for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
        lines.add("gfn 0x%x is 0x%x".formatted(gfn, domain.physmap().entry(gfn)));
      }
    }
    MachineMemory memory = machine.world().memory();
    for (long mfn = memory.firstMfn(); mfn < memory.firstMfn() + memory.frameCount(); mfn++) {
      lines.add(text(memory, mfn));
    }
    return lines;
  }

  private static String text(Vcpu vcpu) {
    StringBuilder text = new StringBuilder("vcpu " + vcpu.id() + " number " + vcpu.number());
    for (int register = 0; register < 5; register++) {
      text.append(" 0x").append(Long.toHexString(vcpu.x(register)));
    }
    return text.append(vcpu.atHypercall() ? " at HVC" : "").append(vcpu.call() != null ? " in call" : "")
        .append(vcpu.guest() != null ? " in guest" : "").append(vcpu.isStuck() ? " stuck" : "").toString();
  }

  private static String text(MachineMemory memory, long mfn) {
    byte[] page = new byte[MachineMemory.PAGE_SIZE];
    memory.content().read(memory.address(mfn), page, 0, page.length);
    return "mfn 0x%x owner %d references %d%s%s stored 0x%x content %d"
        .formatted(mfn, memory.owner(mfn), memory.references(mfn), memory.isAllocated(mfn) ? " allocated" : "",
            memory.isXenHeap(mfn) ? " xen" : "", memory.storedGfn(mfn), Arrays.hashCode(page));
  }
}
