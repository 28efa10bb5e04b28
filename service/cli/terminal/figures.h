#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ccbus::cli {

// Numbers in a form for people.

[[nodiscard]] std::string decimal(double value, int digits);

// 1,234,567.
[[nodiscard]] std::string grouped(std::uint64_t value);

// Rounded and grouped, as rates are shown.
[[nodiscard]] std::string rounded(double value);

// With three or four digits: 850.0 us, 12.34 ms, 1.50 s.
[[nodiscard]] std::string short_duration(std::chrono::nanoseconds time);

// In the shortest form: 850 us, 12.3 ms, 1.5 s.
[[nodiscard]] std::string brief_duration(std::chrono::nanoseconds time);

// 12.5 kB, 3.4 MB, 1.20 GB.
[[nodiscard]] std::string byte_count(double count);

// Writes a share of 0.125 as 12.5 %.
[[nodiscard]] std::string percent(double share);

}  // namespace ccbus::cli
