package org.xenarium.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Verdicts as XML that any reader of JUnit's format takes. */
class JUnitReportTest {
  private static Element suite(JUnitReport report) throws Exception {
    var document = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new InputSource(new StringReader(report.text())));
    return (Element) document.getDocumentElement().getElementsByTagName("testsuite").item(0);
  }

  private static Element only(Element parent, String name) {
    NodeList all = parent.getElementsByTagName(name);
    assertThat(all.getLength()).isOne();
    return (Element) all.item(0);
  }

  @Test
  void everyFileIsATestCaseAndTheSuiteCountsThem() throws Exception {
    JUnitReport report = new JUnitReport("all");
    report.passed(Path.of("a/b/good.yaml"));
    report.failed(Path.of("bad.yaml"), "x: expected 1, actual 2", List.of("bad.yaml:3:4: step", "x: expected 1, actual 2"));
    report.unreadable(Path.of("a/wrong.yaml"), List.of("first", "second"));
    Element suite = suite(report);
    assertThat(suite.getAttribute("name")).isEqualTo("all");
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    Element good = (Element) suite.getElementsByTagName("testcase").item(0);
    assertThat(good.getAttribute("classname")).isEqualTo("a/b");
    assertThat(good.getAttribute("name")).isEqualTo("good.yaml");
    assertThat(good.getAttribute("file")).isEqualTo("a/b/good.yaml");
    assertThat(good.hasChildNodes()).isFalse();
    Element failure = only(suite, "failure");
    assertThat(failure.getAttribute("message")).isEqualTo("x: expected 1, actual 2");
    assertThat(failure.getTextContent()).isEqualTo("bad.yaml:3:4: step\nx: expected 1, actual 2");
    Element error = only(suite, "error");
    assertThat(error.getAttribute("message")).isEqualTo("first");
    assertThat(error.getTextContent()).isEqualTo("first\nsecond");
  }

  @Test
  void aPropertyIsATestCaseOfTheWholeAndNoFile() throws Exception {
    JUnitReport report = new JUnitReport("check");
    report.held("good");
    report.violated("bad", "short", List.of("first", "second"));
    report.undecided("open", "after 3 runs");
    Element suite = suite(report);
    assertThat(suite.getAttribute("failures") + suite.getAttribute("errors")).isEqualTo("11");
    for (int i = 0; i < 3; i++) {
      Element one = (Element) suite.getElementsByTagName("testcase").item(i);
      assertThat(one.getAttribute("classname")).isEqualTo("check");
      assertThat(one.getAttribute("name")).isEqualTo(List.of("good", "bad", "open").get(i));
      assertThat(one.hasAttribute("file")).isFalse();
    }
    assertThat(only(suite, "failure").getTextContent()).isEqualTo("first\nsecond");
    assertThat(only(suite, "error").getAttribute("message")).isEqualTo("after 3 runs");
  }

  @Test
  void whateverATextHasInItTheXmlIsWellFormed() throws Exception {
    JUnitReport report = new JUnitReport("<&>\"'");
    String odd = "<a href=\"x\">&amp; ]]> \0\u0001\u001b\ud800\uffff ä 𝄞";
    report.failed(Path.of("<odd> & \"odd\".yaml"), odd, List.of(odd));
    Element suite = suite(report);
    String said = "<a href=\"x\">&amp; ]]> \ufffd\ufffd\ufffd\ufffd\ufffd ä 𝄞";
    assertThat(suite.getAttribute("name")).isEqualTo("<&>\"'");
    assertThat(only(suite, "testcase").getAttribute("name")).isEqualTo("<odd> & \"odd\".yaml");
    assertThat(only(suite, "failure").getAttribute("message")).isEqualTo(said);
    assertThat(only(suite, "failure").getTextContent()).isEqualTo(said);
  }

  @Test
  void aReportWithoutVerdictsIsOneToo() throws Exception {
    assertThat(suite(new JUnitReport("none")).getAttribute("tests")).isEqualTo("0");
  }
}
