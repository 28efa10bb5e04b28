#include "service/base/repeated_lines.h"

#include <catch2/catch.hpp>

namespace ccbus {
namespace {

using namespace std::chrono_literals;

constexpr int kWarn = 3;
constexpr int kError = 4;

struct Rig {
  // Returns how many of so many equal lines are written now.
  std::size_t written(std::size_t lines, std::string_view format, int level = kWarn) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < lines; ++i) {
      if (repeated.admit(now, level, format, summaries)) ++count;
    }
    return count;
  }

  std::vector<std::string> take() {
    std::vector<std::string> texts;
    for (const auto& summary : summaries) {
      texts.push_back(std::to_string(summary.level) + " " + summary.event + " " +
                      std::to_string(summary.lines) + " in " +
                      std::to_string(summary.within.count()));
    }
    summaries.clear();
    return texts;
  }

  RepeatedLines repeated{{.lines_max = 3, .window = 10s, .kinds_max = 4}};
  SteadyTime now{1h};
  std::vector<RepeatedLines::Summary> summaries;
};

using Texts = std::vector<std::string>;

TEST_CASE("of one kind the first lines of a window are written, and the others counted",
          "[base][issue-13]") {
  Rig rig;
  CHECK(rig.written(1'000, "peer.refused peer={}") == 3);
  CHECK(rig.written(1'000, "peer.gone peer={}") == 3);
  CHECK(rig.written(1'000, "peer.refused peer={}", kError) == 3);
  CHECK(rig.take().empty());
  rig.now += 9'999ms;
  CHECK(rig.written(1, "peer.refused peer={}") == 0);
  CHECK(rig.take().empty());
  rig.now += 1ms;
  CHECK(rig.written(5, "peer.refused peer={}") == 3);
  CHECK(rig.take() ==
        Texts{"3 peer.gone 997 in 10", "3 peer.refused 998 in 10", "4 peer.refused 997 in 10"});
}

TEST_CASE("a summary comes once, with a line of any kind or when asked for", "[base][issue-13]") {
  Rig rig;
  CHECK(rig.written(5, "one") == 3);
  rig.now += 10s;
  CHECK(rig.written(1, "other") == 1);
  CHECK(rig.take() == Texts{"3 one 2 in 10"});
  CHECK(rig.written(5, "other") == 2);
  rig.now += 9s;
  rig.repeated.take_ended(rig.now, rig.summaries);
  CHECK(rig.take().empty());
  rig.now += 1s;
  rig.repeated.take_ended(rig.now, rig.summaries);
  CHECK(rig.take() == Texts{"3 other 3 in 10"});
  rig.repeated.take_ended(rig.now + 1h, rig.summaries);
  CHECK(rig.take().empty());
}

TEST_CASE("at the end all that is counted is told, with the time that it took",
          "[base][issue-13]") {
  Rig rig;
  CHECK(rig.written(4, "one") == 3);
  rig.now += 2'100ms;
  CHECK(rig.written(4, "two") == 3);
  rig.repeated.take_all(rig.now, rig.summaries);
  CHECK(rig.take() == Texts{"3 one 1 in 3", "3 two 1 in 0"});
  CHECK(rig.written(4, "one") == 3);  // A new window.
}

TEST_CASE("a kind that was quiet for a window begins anew", "[base][issue-13]") {
  Rig rig;
  for (int i = 0; i < 100; ++i) {
    CHECK(rig.written(3, "one") == 3);
    rig.now += 10s;
  }
  CHECK(rig.take().empty());
}

TEST_CASE("more kinds than are kept share one, until others are over", "[base][issue-13]") {
  Rig rig;
  for (const char* format : {"a", "b", "c", "d"}) CHECK(rig.written(1, format) == 1);
  CHECK(rig.written(2, "e") + rig.written(2, "f") + rig.written(2, "g") == 3);
  CHECK(rig.written(2, "a") == 2);  // Those that are kept are not disturbed.
  rig.now += 10s;
  CHECK(rig.written(3, "h") == 3);  // In the place of one that is over.
  CHECK(rig.take() == Texts{"3 further lines 3 in 10"});
}

TEST_CASE("the name of a kind is the first word of its format", "[base]") {
  Rig rig;
  for (const char* format : {"bus.peer_refused endpoint={}", "x={}", "{} is first", "word"}) {
    CHECK(rig.written(4, format) == 3);
  }
  rig.repeated.take_all(rig.now, rig.summaries);
  CHECK(rig.take() == Texts{"3 bus.peer_refused 1 in 0", "3 word 1 in 0", "3 x= 1 in 0",
                            "3 lines without a name 1 in 0"});
}

}  // namespace
}  // namespace ccbus
