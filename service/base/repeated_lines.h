#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/clock.h"

namespace ccbus {

// Decides which log lines are written, so that a peer that does one thing over and over neither
// fills the log nor hides the other lines: of each kind so many in a window of time; those above
// are counted, and told in one summary at the end of the window.
//
// A kind is a level and a format string, which both come from our code and not from a peer. Their
// number is bounded all the same: beyond it, the lines of all further formats are one kind.
//
// Thread: one at a time.
class RepeatedLines {
 public:
  struct Options {
    std::size_t lines_max = 20;  // Of one kind in one window.
    std::chrono::seconds window{10};
    std::size_t kinds_max = 256;
  };

  struct Summary {
    int level = 0;
    std::string event;  // The first word of the format: "peer.refused".
    std::uint64_t lines = 0;
    std::chrono::seconds within{0};  // Rounded up.
  };

  explicit RepeatedLines(Options options) : options_(options) {}

  // Returns true if the line is to be written, and counts it if not. Appends the summaries of all
  // windows that have ended: they are to be written before the line.
  [[nodiscard]] bool admit(SteadyTime now, int level, std::string_view format,
                           std::vector<Summary>& ended);

  // Appends the summaries of the windows that have ended.
  void take_ended(SteadyTime now, std::vector<Summary>& ended);
  // Appends the summaries of all windows, and begins new ones.
  void take_all(SteadyTime now, std::vector<Summary>& ended);

 private:
  struct Kind {
    SteadyTime began;
    std::size_t written = 0;
    std::uint64_t counted = 0;  // Not written.
  };
  struct Earlier {
    using is_transparent = void;
    template <class One, class Other>
    bool operator()(const One& one, const Other& other) const {
      if (one.first != other.first) return one.first < other.first;
      return std::string_view(one.second) < std::string_view(other.second);
    }
  };
  using Kinds = std::map<std::pair<int, std::string>, Kind, Earlier>;

  [[nodiscard]] Kind& kind_of(SteadyTime now, int level, std::string_view format);
  void forget_ended(SteadyTime now);

  const Options options_;
  Kinds kinds_;                       // By level and format; the format of the shared ones is "".
  SteadyTime next_summary_ = kNever;  // When the first window ends that has counted lines.
};

}  // namespace ccbus
