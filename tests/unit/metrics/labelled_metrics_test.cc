#include "service/metrics/labelled_metrics.h"

#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "service/metrics/single_writer_counter.h"

namespace ccbus {
namespace {

using ByName = LabelledMetrics<2, Count>;

std::map<std::string, std::uint64_t> listed(const ByName& metrics) {
  std::map<std::string, std::uint64_t> all;
  metrics.each([&all](const ByName::Values& names, const Count& count) {
    all[names[0] + "/" + names[1]] = count.get();
  });
  return all;
}

TEST_CASE("metrics are kept apart by all of their labels", "[metrics]") {
  ByName metrics;
  metrics.of({"ab", "c"}).add(1);
  metrics.of({"a", "bc"}).add(2);
  metrics.of({"ab", "c"}).add(10);
  CHECK(listed(metrics) ==
        std::map<std::string, std::uint64_t>{{"a/bc", 2}, {"ab/c", 11}, {"_other/_other", 0}});
}

TEST_CASE("what is beyond the bound is counted together", "[metrics]") {
  ByName metrics(2);
  for (const char* name : {"one", "two", "three", "four"}) metrics.of({"ch", name}).add(1);
  metrics.of({"ch", "one"}).add(1);
  CHECK(listed(metrics) ==
        std::map<std::string, std::uint64_t>{{"ch/one", 2}, {"ch/two", 1}, {"_other/_other", 2}});
}

TEST_CASE("a name that nobody has checked makes no metrics of its own", "[metrics]") {
  ByName metrics;
  metrics.of({"ch", "basic"}).add(0);
  metrics.known({"ch", "basic"}).add(1);
  metrics.known({"ch", "invented"}).add(1);
  CHECK(listed(metrics) ==
        std::map<std::string, std::uint64_t>{{"ch/basic", 1}, {"_other/_other", 1}});
}

TEST_CASE("metrics are listed while new ones come", "[metrics]") {
  ByName metrics;
  std::thread reader([&metrics] {
    while (listed(metrics).size() < 501) std::this_thread::yield();
  });
  for (int i = 0; i < 500; ++i) metrics.of({"ch", std::to_string(i)}).add(1);
  reader.join();
  CHECK(listed(metrics).size() == 501);
}

}  // namespace
}  // namespace ccbus
