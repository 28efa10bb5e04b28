#include "tests/simulation/engine/trace.h"

#include <cstdio>

namespace ccbus::simulation {

void Trace::add(std::string_view line) {
  const auto since_start =
      std::chrono::duration_cast<std::chrono::microseconds>(now_.time_since_epoch());
  std::string whole = std::to_string(step_) + " " + std::to_string(since_start.count()) + " ";
  whole += line;
  for (const char byte : whole) {
    hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  }
  if (is_shown_) std::printf("%s\n", whole.c_str());
  last_.push_back(std::move(whole));
  if (last_.size() > kKeptLines) last_.pop_front();
}

std::string Trace::tail() const {
  std::string all;
  for (const std::string& line : last_) all += "  " + line + "\n";
  return all;
}

}  // namespace ccbus::simulation
