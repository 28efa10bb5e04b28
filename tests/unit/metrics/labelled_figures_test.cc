#include "service/metrics/labelled_figures.h"

#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "service/metrics/single_writer_counter.h"

namespace ccbus {
namespace {

using ByName = LabelledFigures<2, Count>;

std::map<std::string, std::uint64_t> listed(const ByName& figures) {
  std::map<std::string, std::uint64_t> all;
  figures.each([&all](const ByName::Values& names, const Count& count) {
    all[names[0] + "/" + names[1]] = count.get();
  });
  return all;
}

TEST_CASE("figures are kept apart by all of their labels", "[metrics]") {
  ByName figures;
  figures.of({"ab", "c"}).add(1);
  figures.of({"a", "bc"}).add(2);
  figures.of({"ab", "c"}).add(10);
  CHECK(listed(figures) ==
        std::map<std::string, std::uint64_t>{{"a/bc", 2}, {"ab/c", 11}, {"_other/_other", 0}});
}

TEST_CASE("what is beyond the bound is counted together", "[metrics]") {
  ByName figures(2);
  for (const char* name : {"one", "two", "three", "four"}) figures.of({"ch", name}).add(1);
  figures.of({"ch", "one"}).add(1);
  CHECK(listed(figures) ==
        std::map<std::string, std::uint64_t>{{"ch/one", 2}, {"ch/two", 1}, {"_other/_other", 2}});
}

TEST_CASE("a name that nobody has checked makes no figures of its own", "[metrics]") {
  ByName figures;
  figures.of({"ch", "basic"}).add(0);
  figures.known({"ch", "basic"}).add(1);
  figures.known({"ch", "invented"}).add(1);
  CHECK(listed(figures) ==
        std::map<std::string, std::uint64_t>{{"ch/basic", 1}, {"_other/_other", 1}});
}

TEST_CASE("figures are listed while new ones come", "[metrics]") {
  ByName figures;
  std::thread reader([&figures] {
    while (listed(figures).size() < 501) std::this_thread::yield();
  });
  for (int i = 0; i < 500; ++i) figures.of({"ch", std::to_string(i)}).add(1);
  reader.join();
  CHECK(listed(figures).size() == 501);
}

}  // namespace
}  // namespace ccbus
