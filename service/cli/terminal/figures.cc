#include "service/cli/terminal/figures.h"

#include <cmath>
#include <cstddef>
#include <cstdio>

namespace ccbus::cli {

std::string decimal(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string rounded(double value) {
  return grouped(static_cast<std::uint64_t>(std::llround(value)));
}

std::string short_duration(std::chrono::nanoseconds time) {
  const auto ns = static_cast<double>(time.count());
  if (ns < 1e6) return decimal(ns / 1e3, 1) + " us";
  if (ns < 1e9) return decimal(ns / 1e6, 2) + " ms";
  return decimal(ns / 1e9, 2) + " s";
}

std::string brief_duration(std::chrono::nanoseconds time) {
  const auto ns = static_cast<double>(time.count());
  char text[64];
  const auto brief = [&text](double value, const char* unit) {
    std::snprintf(text, sizeof text, "%.3g %s", value, unit);
    return std::string(text);
  };
  if (ns < 999.5e3) return brief(ns / 1e3, "us");
  if (ns < 999.5e6) return brief(ns / 1e6, "ms");
  return ns < 999.5e9 ? brief(ns / 1e9, "s") : decimal(ns / 1e9, 0) + " s";
}

std::string byte_count(double count) {
  if (count < 1e6) return decimal(count / 1e3, 1) + " kB";
  if (count < 1e9) return decimal(count / 1e6, 1) + " MB";
  return decimal(count / 1e9, 2) + " GB";
}

std::string percent(double share) {
  return decimal(share * 100, 1) + " %";
}

}  // namespace ccbus::cli
