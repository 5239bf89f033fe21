package org.xenarium.scenarios.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> KNOWN = List.of("addr", "dev", "handle", "unmap_and_replace", "nr");

  @ParameterizedTest
  @CsvSource({"adr, addr", "addrr, addr", "adrd, addr", "address, addr", "hand, handle", "hnadel, handle",
      "unmap-and-replace, unmap_and_replace", "n, nr", "ved,", "zzz,", "handful,", "'',"})
  void aNearNameIsSuggested(String wrong, String near) {
    assertThat(Spelling.nearest(wrong, KNOWN)).isEqualTo(near);
  }

  @ParameterizedTest
  @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, '', 3", "kitten, sitting, 3", "ca, abc, 3"})
  void distanceCountsEditsAndSwaps(String a, String b, int distance) {
    assertThat(Spelling.distance(a, b)).isEqualTo(distance);
  }
}
