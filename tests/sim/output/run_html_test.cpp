#include <catch2/catch.hpp>
#include <string>

#include "helpers/sim_sample_result.hpp"
#include "report/report_page.hpp"
#include "sim/output/run_html.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe::sim;
namespace report = troupe::report;

namespace {

/// What a browser would hand to the page's script as its data.
std::string data_of(const std::string& html) {
  const std::string opening = R"(<script type="application/json" id="data">)";
  const auto begin = html.find(opening);
  REQUIRE(begin != std::string::npos);
  const auto end = html.find("</script>", begin);
  REQUIRE(end != std::string::npos);
  return html.substr(begin + opening.size(), end - begin - opening.size());
}

}  // namespace

TEST_CASE("a report holds the whole result, whatever its texts try to end") {
  auto result = sample_result();
  const auto hostile =
      GENERATE(as<std::string>{}, "</script><script>alert(1)</script>", "</SCRIPT >", "<!--", "<!--<script>",
               "]]>", "<img src=x onerror=alert(1)>", "\\u003c/script>", "\\", "\"},\"x\":{\"",
               "\xE2\x80\xA8 and \xE2\x80\xA9", "@DATA@", "</body></html>");
  result.run.scenario = hostile;
  result.tasks[0].name = hostile;
  result.failures[0].message = hostile;
  const auto data = data_of(html_report(result));
  CHECK_THAT(data, !Catch::Contains("<"));
  CHECK(read_json(data).value() == result);
}

TEST_CASE("what is put into a page stands between its two parts") {
  CHECK(report::fill_page({"<a>", "</a>"}, R"({"x":"1<2"})") == R"(<a>{"x":"1\u003c2"}</a>)");
}

TEST_CASE("a report is one file that asks nobody for anything") {
  const auto html = html_report(sample_result());
  CHECK_THAT(html, Catch::StartsWith("<!doctype html>") && Catch::Contains("lang=\"en\"") &&
                       Catch::Contains("default-src 'none'") && Catch::Contains("Apache License 2.0"));
  const auto reference = GENERATE(as<std::string>{}, "<script src", "<link rel=\"stylesheet", "@import",
                                  "url(http", "@STYLE@", "@SCRIPT");
  CHECK_THAT(html, !Catch::Contains(reference));
}
