#include "service/cli/terminal/figures.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace ccbus::cli;
using namespace std::chrono_literals;

TEST_CASE("figures read as people write them", "[cli]") {
  CHECK(decimal(2.345, 1) == "2.3");
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(rounded(1'234.5) == "1,235");
  CHECK(percent(0.1254) == "12.5 %");
  CHECK(byte_count(12'500) == "12.5 kB");
  CHECK(byte_count(3.4e6) == "3.4 MB");
  CHECK(byte_count(1.2e9) == "1.20 GB");
}

TEST_CASE("a duration has the unit that suits its size", "[cli]") {
  CHECK(short_duration(850us) == "850.0 us");
  CHECK(short_duration(12'340us) == "12.34 ms");
  CHECK(short_duration(1500ms) == "1.50 s");
  CHECK(brief_duration(0ns) == "0 us");
  CHECK(brief_duration(100us) == "100 us");
  CHECK(brief_duration(12'340us) == "12.3 ms");
  CHECK(brief_duration(2s) == "2 s");
  // Never in exponential notation.
  CHECK(brief_duration(999'900ns) == "1 ms");
  CHECK(brief_duration(999'900us) == "1 s");
  CHECK(brief_duration(2h) == "7200 s");
}
