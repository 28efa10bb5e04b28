#include "service/operations/exposition.h"

#include <array>
#include <catch2/catch.hpp>

namespace ccbus::operations {
namespace {

using namespace std::chrono_literals;

TEST_CASE("samples of one name stand together, whatever the order", "[operations]") {
  Exposition metrics;
  metrics.gauge("height", "Blocks.", {{"channel", "a"}}, 1);
  metrics.gauge("queue", "Waiting.", {{"channel", "a"}}, 2);
  metrics.gauge("height", "Blocks.", {{"channel", "b"}}, 3);
  CHECK(metrics.text() ==
        "# HELP height Blocks.\n# TYPE height gauge\n"
        "height{channel=\"a\"} 1\nheight{channel=\"b\"} 3\n"
        "# HELP queue Waiting.\n# TYPE queue gauge\nqueue{channel=\"a\"} 2\n");
}

TEST_CASE("a label that is not UTF-8, or commands a terminal, is made printable",
          "[operations][issue-13]") {
  Exposition metrics;
  metrics.gauge("height", "Blocks.", {{"chaincode", "a\xff\x1b[2J\n"}}, 1);
  CHECK(metrics.text() ==
        "# HELP height Blocks.\n# TYPE height gauge\n"
        "height{chaincode=\"a\\\\xff\\\\x1b[2J\\\\n\"} 1\n");
}

TEST_CASE("a histogram's buckets are cumulative and end with all of them", "[operations]") {
  static constexpr std::array kBounds = {0.1, 1.0};
  Histogram<kBounds> seconds;
  seconds.observe(50ms);
  seconds.observe(100ms);  // A bound belongs to its bucket.
  seconds.observe(500ms);
  seconds.observe(2s);
  Exposition metrics;
  metrics.histogram("took", "Seconds.", {}, seconds.snapshot());
  CHECK(metrics.text() ==
        "# HELP took Seconds.\n# TYPE took histogram\n"
        "took_count 4\ntook_sum 2.65\n"
        "took_bucket{le=\"0.1\"} 2\ntook_bucket{le=\"1\"} 3\ntook_bucket{le=\"+Inf\"} 4\n");
}

}  // namespace
}  // namespace ccbus::operations
