#pragma once

#include <string>
#include <utility>

namespace ccbus::simulation {

// The first promise that was found broken. A finding ends the simulation after the step at hand: an
// exception would run through the engine, which may catch it.
class Findings {
 public:
  void add(std::string what) {
    if (what_.empty()) what_ = std::move(what);
  }
  void check(bool holds, const char* what) {
    if (!holds) add(what);
  }

  [[nodiscard]] bool any() const { return !what_.empty(); }
  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  std::string what_;
};

}  // namespace ccbus::simulation
