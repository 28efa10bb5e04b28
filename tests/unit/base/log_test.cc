#include "service/base/log.h"

#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

namespace ccbus {
namespace {

using namespace std::chrono_literals;

struct Rig {
  std::unique_ptr<Logger> make() {
    auto lines = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    lines->set_level(spdlog::level::debug);
    lines->set_pattern("%l %v");
    return std::make_unique<Logger>(std::move(lines), [this] { return now; });
  }

  // Returns what was written since the last call.
  std::string take() {
    std::string text = out.str();
    out.str("");
    return text;
  }

  std::ostringstream out;
  SteadyTime now{1h};
  std::unique_ptr<Logger> logger = make();
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST_CASE("whatever an argument contains, a call makes one printable line", "[base][issue-13]") {
  Rig rig;
  const std::string version = "1.0\n2026-01-01T00:00:00.000 error disk.full -> stopping";
  rig.logger->warn("handler.ready ccid={} tx={}", version, "\x1b[2J\xff\xfe\r\x07");
  CHECK(rig.take() ==
        "warning handler.ready ccid=1.0\\n2026-01-01T00:00:00.000 error disk.full -> stopping "
        "tx=\\x1b[2J\\xff\\xfe\\r\\x07\n");
  rig.logger->debug("handler.step text={}", std::string_view("a\0b\x7f\u0085\u2028", 9));
  CHECK(rig.take() == "debug handler.step text=a\\x00b\\x7f\\u{85}\\u{2028}\n");
}

TEST_CASE("clean text, also beyond ASCII, and quoted text stay as they are", "[base]") {
  Rig rig;
  rig.logger->info("a.b name={} n={} text={:?}", "Z\u00fcrich \u6771\u4eac", 7, "say \"hi\"\n");
  CHECK(rig.take() == "info a.b name=Z\u00fcrich \u6771\u4eac n=7 text=\"say \\\"hi\\\"\\n\"\n");
  rig.logger->error("plain");
  CHECK(rig.take() == "error plain\n");
}

TEST_CASE("a text of a mebibyte is cut, and its size told; a line has a limit, too",
          "[base][issue-13]") {
  Rig rig;
  const std::string large(1 << 20, 'x');
  rig.logger->warn("one.text text={} after={}", large, 1);
  const std::string line = rig.take();
  CHECK(line.size() < Logger::kTextBytesMax + 100);
  CHECK_THAT(line, Catch::Contains("xxx... (1048576 bytes) after=1\n"));

  rig.logger->warn("quoted.text text={:?}", std::string(1 << 20, '\n'));
  CHECK_THAT(rig.take(), Catch::Contains("\"... (1048576 bytes)\n"));

  rig.logger->warn("many.texts {} {} {} {} {}", large, large, large, large, large);
  const std::string many = rig.take();
  CHECK(lines_of(many) == 1);
  CHECK(many.size() < Logger::kLineBytesMax + 100);

  rig.logger->warn("escapes {} {} {} {}", std::string(1 << 20, '\x1b'), "b", "c", "d");
  CHECK(rig.take().size() < Logger::kLineBytesMax + 100);

  std::string euros;
  for (int i = 0; i < 1'000; ++i) euros += "\u20ac";
  rig.logger->warn("cut.in_character {}", euros);
  CHECK_THAT(rig.take(), Catch::Contains("\u20ac... (3000 bytes)"));
}

TEST_CASE("a null pointer to text is no reason to fall", "[base]") {
  Rig rig;
  const char* none = nullptr;
  rig.logger->info("a.b text={}", none);
  CHECK(rig.take() == "info a.b text=(null)\n");
}

TEST_CASE("repeated lines are summed up by the next line, by a timer and at the end",
          "[base][issue-13]") {
  Rig rig;
  const auto refuse = [&](int times) {
    for (int i = 0; i < times; ++i) rig.logger->warn("peer.refused peer={}", i);
  };
  refuse(2'332);
  CHECK(lines_of(rig.take()) == 20);
  rig.now += 10s;
  rig.logger->info("next");
  CHECK(rig.take() == "warning peer.refused \u2026 2,312 more in 10 s\ninfo next\n");

  refuse(1'000'020);
  CHECK(lines_of(rig.take()) == 20);
  rig.now += 10s;
  rig.logger->write_summaries();
  rig.logger->write_summaries();
  CHECK(rig.take() == "warning peer.refused \u2026 1,000,000 more in 10 s\n");

  refuse(21);
  CHECK(lines_of(rig.take()) == 20);
  rig.now += 1s;
  rig.logger.reset();
  CHECK(rig.take() == "warning peer.refused \u2026 1 more in 1 s\n");
}

TEST_CASE("debug lines are written in full", "[base][issue-13]") {
  Rig rig;
  for (int i = 0; i < 100; ++i) rig.logger->debug("handler.step n={}", i);
  CHECK(lines_of(rig.take()) == 100);
}

TEST_CASE("lines below the level are neither written nor counted", "[base][issue-13]") {
  Rig rig;
  rig.logger->set_level(spdlog::level::err);
  for (int i = 0; i < 100; ++i) rig.logger->warn("peer.refused n={}", i);
  rig.logger->set_level(spdlog::level::info);
  rig.now += 10s;
  rig.logger->info("next");
  CHECK(rig.take() == "info next\n");
}

TEST_CASE("no line of several threads is lost: it is written or counted", "[base][issue-13]") {
  constexpr int kThreads = 4;
  constexpr int kLines = 5'000;
  Rig rig;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kLines; ++n) rig.logger->warn("peer.refused n={}", n);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(lines_of(rig.take()) == 20);
  rig.logger.reset();
  CHECK(rig.take() == "warning peer.refused \u2026 19,980 more in 0 s\n");
}

}  // namespace
}  // namespace ccbus
