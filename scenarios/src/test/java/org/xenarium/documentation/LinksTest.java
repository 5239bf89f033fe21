package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between pages of the documentation lead somewhere, and what is to be read in a terminal fits one. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final int WIDTH = 140;

  @Test
  void every_relative_link_leads_to_a_file_and_to_a_heading_in_it() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      for (Matcher link = LINK.matcher(withoutCode(Files.readString(page, UTF_8))); link.find(); links++) {
        if (!leadsSomewhere(page, link.group(1))) {
          broken.add(Documentation.root().relativize(page) + ": " + link.group(1));
        }
      }
    }
    assertThat(links).as("links looked at").isPositive();
    assertThat(broken).as("broken links").isEmpty();
  }

  @Test
  void no_line_of_a_code_block_is_too_long() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path page : pages()) {
      boolean code = false;
      for (String line : Files.readAllLines(page, UTF_8)) {
        code ^= line.stripLeading().startsWith("```");
        if (code && line.length() > WIDTH) {
          tooLong.add(Documentation.root().relativize(page) + ": " + line);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String target) throws IOException {
    if (target.matches("[a-z]+:.*")) {
      return true;
    }
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Path to = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(to) && (hash < 0 || headings(to).contains(target.substring(hash + 1)));
  }

  /** The headings of a page in the form in which links name them. */
  private static List<String> headings(Path page) throws IOException {
    return withoutCode(Files.readString(page, UTF_8))
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutCode(String text) {
    return text.replaceAll("(?ms)^ *```.*?^ *```", "");
  }

  private static List<Path> pages() throws IOException {
    Path root = Documentation.root();
    try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(docs, Stream.of(root.resolve("README.md"), root.resolve("scenarios/library/README.md")))
          .filter(path -> path.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }
}
