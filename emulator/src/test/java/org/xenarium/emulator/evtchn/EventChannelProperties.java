package org.xenarium.emulator.evtchn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** Any sequence of calls and deaths of three domains. */
class EventChannelProperties {
  private enum Kind { ALLOC, BIND, SEND, CLOSE, DIE }

  private record Act(int caller, Kind kind, int remote, int port) {}

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Kind> kinds = Arbitraries.of(Kind.ALLOC, Kind.ALLOC, Kind.BIND, Kind.BIND, Kind.BIND, Kind.SEND, Kind.CLOSE);
    return Combinators.combine(
            Arbitraries.of(0, 1, 2),
            Arbitraries.oneOf(kinds, kinds, kinds, kinds, Arbitraries.of(Kind.class)),
            Arbitraries.of(0, 1, 2, 0x7ff0),
            Arbitraries.integers().between(0, 6))
        .as(Act::new)
        .list()
        .ofMaxSize(50);
  }

  private static final class Run extends EventCalls {
    Run(SecurityPolicy policy) {
      super(Semantics.baseline(policy));
    }

    void play(Act act) {
      Domain caller = machine.world().domain(act.caller);
      if (caller == null) {
        return;
      }
      switch (act.kind) {
        case ALLOC -> allocUnbound(caller, SELF, act.remote);
        case BIND -> bind(caller, act.remote, act.port);
        case SEND -> send(caller, act.port);
        case CLOSE -> close(caller, act.port);
        case DIE -> machine.destroyDomain(act.caller);
      }
    }

    void check(SecurityPolicy policy) {
      for (Domain domain : machine.world().domains()) {
        EventChannels channels = EventChannels.of(domain);
        for (int port = 0; port < 64; port++) {
          if (channels.state(port) == EventChannels.State.INTERDOMAIN) {
            checkConnection(domain, port, policy);
          } else if (channels.state(port) == EventChannels.State.CLOSED) {
            assertThat(pending(domain, port)).as("port %d of domain %d is closed", port, domain.id()).isFalse();
          }
        }
        assertThat(channels.state(0)).as("port 0 is never used").isEqualTo(EventChannels.State.CLOSED);
      }
    }

    private void checkConnection(Domain domain, int port, SecurityPolicy policy) {
      EventChannels channels = EventChannels.of(domain);
      Domain remote = machine.domain(channels.remoteDomain(port));
      EventChannels far = EventChannels.of(remote);
      int remotePort = channels.remotePort(port);
      assertThat(far.state(remotePort)).isEqualTo(EventChannels.State.INTERDOMAIN);
      assertThat(far.remoteDomain(remotePort)).isEqualTo(domain.id());
      assertThat(far.remotePort(remotePort)).isEqualTo(port);
      boolean allowed = policy == SecurityPolicy.DUMMY || domain == remote || domain.privileged() || remote.privileged();
      assertThat(allowed).as("silo: domains %d and %d", domain.id(), remote.id()).isTrue();
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void connected_ports_name_each_other_and_silo_keeps_guests_apart(
      @ForAll SecurityPolicy policy, @ForAll("histories") List<Act> history) {
    Run run = new Run(policy);
    for (Act act : history) {
      run.play(act);
      run.check(policy);
    }
  }
}
