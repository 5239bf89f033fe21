package org.xenarium.scenarios.report;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts in the XML format of JUnit, which build servers show. Every file is a test case of its own, or every property. No times are told, so the
 * same verdicts give the same bytes.
 */
public final class JUnitReport {
  private static final int LAST_BEFORE_SURROGATES = 0xd7ff;

  private final String name;
  private final List<Case> cases = new ArrayList<>();

  private enum Verdict {
    PASSED,
    FAILURE,
    ERROR
  }

  /** {@code file} is null where it is about none. */
  private record Case(String group, String name, @Nullable Path file, Verdict verdict, String message, List<String> details) {}

  /** A report without verdicts. {@code name} is that of the whole, such as the command that was given. */
  public JUnitReport(String name) {
    this.name = name;
  }

  /** Everything in the file is as expected. */
  public void passed(Path file) {
    add(file, Verdict.PASSED, "", List.of());
  }

  /** The property holds. */
  public void held(String property) {
    add(property, Verdict.PASSED, "", List.of());
  }

  /**
   * Something is not as expected.
   *
   * @param message the difference, in one line
   * @param details lines with the place, the rules and the state around it
   */
  public void failed(Path file, String message, List<String> details) {
    add(file, Verdict.FAILURE, message, details);
  }

  /** The property does not hold; each detail is a line. */
  public void violated(String property, String message, List<String> details) {
    add(property, Verdict.FAILURE, message, details);
  }

  /** The file could not be read or played; each problem is a line. */
  public void unreadable(Path file, List<String> problems) {
    add(file, Verdict.ERROR, problems.isEmpty() ? "" : problems.get(0), problems);
  }

  /** Nobody knows whether the property holds. */
  public void undecided(String property, String why) {
    add(property, Verdict.ERROR, why, List.of(why));
  }

  /** A build server groups by the class's name, which is the folder here. */
  private void add(Path file, Verdict verdict, String message, List<String> details) {
    Path folder = file.getParent();
    cases.add(new Case(folder == null ? "." : folder.toString(), String.valueOf(file.getFileName()), file, verdict, message, List.copyOf(details)));
  }

  private void add(String property, Verdict verdict, String message, List<String> details) {
    cases.add(new Case(name, property, null, verdict, message, List.copyOf(details)));
  }

  /** The report, with line feeds at the ends of its lines. */
  public String text() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      line(xml, 0);
      xml.writeStartElement("testsuites");
      line(xml, 1);
      xml.writeStartElement("testsuite");
      attribute(xml, "name", name);
      attribute(xml, "tests", String.valueOf(cases.size()));
      attribute(xml, "failures", String.valueOf(count(Verdict.FAILURE)));
      attribute(xml, "errors", String.valueOf(count(Verdict.ERROR)));
      for (Case one : cases) {
        line(xml, 2);
        write(xml, one);
      }
      line(xml, 1);
      xml.writeEndElement();
      line(xml, 0);
      xml.writeEndElement();
      line(xml, 0);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to a string failed", e);
    }
    return text.toString();
  }

  private long count(Verdict verdict) {
    return cases.stream().filter(one -> one.verdict() == verdict).count();
  }

  private static void write(XMLStreamWriter xml, Case one) throws XMLStreamException {
    boolean passed = one.verdict() == Verdict.PASSED;
    if (passed) {
      xml.writeEmptyElement("testcase");
    } else {
      xml.writeStartElement("testcase");
    }
    attribute(xml, "classname", one.group());
    attribute(xml, "name", one.name());
    if (one.file() != null) {
      attribute(xml, "file", one.file().toString());
    }
    if (!passed) {
      line(xml, 3);
      xml.writeStartElement(one.verdict() == Verdict.FAILURE ? "failure" : "error");
      attribute(xml, "message", one.message());
      xml.writeCharacters(printable(String.join("\n", one.details())));
      xml.writeEndElement();
      line(xml, 2);
      xml.writeEndElement();
    }
  }

  private static void attribute(XMLStreamWriter xml, String attribute, String value) throws XMLStreamException {
    xml.writeAttribute(attribute, printable(value));
  }

  private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  /** XML has no way to say most control characters, not even escaped. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints().map(point -> isAllowed(point) ? point : '\ufffd').forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isAllowed(int point) {
    return point == '\t' || point == '\n' || (point >= ' ' && point <= LAST_BEFORE_SURROGATES) || (point >= 0xe000 && point <= 0xfffd)
        || Character.isSupplementaryCodePoint(point);
  }
}
