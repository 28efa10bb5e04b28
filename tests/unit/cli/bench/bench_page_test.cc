#include "service/cli/bench/bench_page.h"

#include <catch2/catch.hpp>

#include "service/cli/bench/bench_page_phase.h"
#include "tests/support/xml_document.h"
#include "tests/unit/cli/bench/bench_results.h"

using namespace ccbus::cli;
using namespace ccbus::test;
using Catch::Matchers::Contains;
using ccbus::load::LoadResult;
using ccbus::load::Mode;
using ccbus::load::WorkloadPlan;

TEST_CASE("a page tells the figures, the verdict and the plan", "[cli]") {
  const XmlDocument page(bench_page(alone(three_seconds())));
  const std::string text = page.text();
  CHECK(page.named("svg").size() == 3);
  CHECK_THAT(text, Contains("ccbus bench invoke"));
  CHECK_THAT(text, Contains("ccbusd 0.1.0 · durability synced · 2023-11-14 22:13:20 UTC"));
  CHECK(page.of_class("card").size() == 6);
  CHECK_THAT(text, Contains("1,000\n"));
  CHECK_THAT(text, Contains("Nothing was full."));
  CHECK_THAT(text, Contains("payload-bytes"));
  CHECK_THAT(text, Contains("87.5 % ccbus-bus"));
}

TEST_CASE("a page asks for nothing from anywhere and runs nothing", "[cli]") {
  const std::string html = bench_page(alone(three_seconds()));
  const XmlDocument page(html);
  for (const char* const name : {"script", "link", "img", "iframe", "object", "embed"}) {
    INFO(name);
    CHECK(page.named(name).empty());
  }
  for (const XmlElement& element : page.elements()) {
    for (const auto& [name, value] : element.attributes) {
      INFO(element.name << " " << name << " " << value);
      CHECK(name != "src");
      CHECK(name != "href");
      CHECK_FALSE(name.starts_with("on"));
    }
  }
  CHECK_THAT(html, !Contains("url("));
  CHECK_THAT(html, !Contains("@import"));
  CHECK_THAT(html, Contains("prefers-color-scheme: dark"));
}

TEST_CASE("whatever others have named stands there as text", "[cli]") {
  LoadResult result = three_seconds();
  const std::string hostile = "</style><script>alert(\"1\")</script>\x01&";
  result.version = hostile;
  result.plan.chaincode = hostile;
  result.plan.channel = hostile;
  result.plan.arguments = {hostile};
  result.findings = {hostile};
  result.discrepancies = {hostile};
  result.service.busiest_thread_name = hostile;
  result.totals.failures = {{hostile, 1}};
  result.failure_examples = {{hostile, hostile}};
  const XmlDocument page(bench_page({hostile, hostile, {{hostile, result}, {"b", result}}}));
  CHECK(page.named("script").empty());
  CHECK_THAT(page.text(), Contains("</style><script>alert(\"1\")</script>\xef\xbf\xbd&"));
}

TEST_CASE("an empty run has a page", "[cli]") {
  const XmlDocument page(bench_page(alone(LoadResult())));
  CHECK_THAT(page.text(), Contains("Nothing was measured."));
  CHECK(page.of_class("verdict").empty());
}

TEST_CASE("a scenario has a table of its phases, and the parts of each", "[cli]") {
  LoadResult failed = three_seconds();
  failed.totals.failures = {{"UNAVAILABLE", 7}};
  failed.failure_examples = {{"UNAVAILABLE", "nobody is there"}};
  failed.discrepancies = {"one is missing"};
  const XmlDocument page(
      bench_page({"burst", "how it comes back", {{"calm", three_seconds()}, {"after", failed}}}));
  CHECK(page.of_class("phase").size() == 2);
  CHECK(page.of_class("verdict").size() == 2);
  CHECK(page.named("svg").size() == 4);
  CHECK_THAT(page.text(), Contains("how it comes back"));
  CHECK_THAT(page.text(), Contains("nobody is there"));
  CHECK_THAT(page.text(), Contains("Does not add up: one is missing"));
}

TEST_CASE("the command line of a plan has what differs from the plan that stands there", "[cli]") {
  WorkloadPlan plan;
  CHECK(bench_command_line(plan) == "ccbus bench invoke");
  plan.mode = Mode::kQuery;
  plan.dealers = 10;
  plan.puts = 7;  // Does not apply to a query.
  plan.rate = 12.5;
  plan.channel = "it's";
  plan.arguments = {"ReadAsset", "a1"};
  CHECK(
      bench_command_line(plan) ==
      R"(ccbus bench query --dealers 10 --rate 12.5 -C 'it'\''s' -c '{"Args":["ReadAsset","a1"]}')");
}
