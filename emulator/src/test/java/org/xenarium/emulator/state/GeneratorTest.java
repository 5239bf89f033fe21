package org.xenarium.emulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
  /** The published outputs of SplitMix64 for the seed 1234567. */
  private static final long[] PUBLISHED = {
    Long.parseUnsignedLong("6457827717110365317"),
    Long.parseUnsignedLong("3203168211198807973"),
    Long.parseUnsignedLong("9817491932198370423"),
    Long.parseUnsignedLong("4593380528125082431"),
    Long.parseUnsignedLong("16408922859458223821")
  };

  @Test
  void it_gives_the_upper_halves_of_the_published_split_mix_64() {
    Generator generator = new Generator(1234567);
    for (long published : PUBLISHED) {
      assertThat(generator.nextInt()).isEqualTo(published >>> 32);
    }
  }

  @Test
  void numbers_are_unsigned_and_of_32_bits() {
    Generator generator = new Generator(0);
    List<Long> values = LongStream.generate(generator::nextInt).limit(1000).boxed().toList();
    assertThat(values).allMatch(value -> value >>> 32 == 0).anyMatch(value -> value > Integer.MAX_VALUE);
  }

  @Test
  void a_copy_goes_on_where_the_original_stands_and_for_itself() {
    Generator original = new Generator(7);
    original.nextInt();
    Generator copy = original.copy();
    assertThat(digest(copy)).isEqualTo(digest(original));
    long next = copy.nextInt();
    copy.nextInt();
    assertThat(original.nextInt()).isEqualTo(next);
    assertThat(digest(copy)).isNotEqualTo(digest(original));
  }

  @Test
  void the_digest_tells_seeds_and_positions_apart() {
    Generator generator = new Generator(7);
    long before = digest(generator);
    generator.nextInt();
    assertThat(digest(generator)).isNotEqualTo(before).isEqualTo(digest(generator.copy()));
    assertThat(digest(new Generator(8))).isNotEqualTo(before);
  }

  @Test
  void numbers_fed_in_come_out_first_and_do_not_move_the_generator_s_own() {
    Generator fed = new Generator(7);
    fed.feed(5, 0x1_ffff_ffffL);
    assertThat(List.of(fed.nextInt(), fed.nextInt())).containsExactly(5L, 0xffff_ffffL);
    assertThat(digest(fed)).isEqualTo(digest(new Generator(7)));
    assertThat(fed.nextInt()).isEqualTo(new Generator(7).nextInt());
    assertThat(fed.drawn()).isEqualTo(3);
  }

  @Test
  void feeding_again_forgets_what_was_not_drawn() {
    Generator generator = new Generator(7);
    generator.feed(5, 6);
    generator.nextInt();
    generator.feed(8);
    assertThat(generator.drawn()).isZero();
    assertThat(generator.nextInt()).isEqualTo(8);
    assertThat(generator.nextInt()).isEqualTo(new Generator(7).nextInt());
  }

  @Test
  void numbers_fed_in_are_copied_and_show_in_the_digest_until_drawn() {
    Generator generator = new Generator(7);
    long before = digest(generator);
    generator.feed(5, 6);
    Generator copy = generator.copy();
    assertThat(digest(generator)).isNotEqualTo(before).isEqualTo(digest(copy));
    assertThat(List.of(copy.nextInt(), copy.nextInt())).containsExactly(5L, 6L);
    assertThat(generator.drawn()).isZero();
    assertThat(generator.nextInt()).isEqualTo(5);
  }

  private static long digest(Generator generator) {
    Digest digest = new Digest();
    generator.digest(digest);
    return digest.value();
  }
}
