#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/ordering/log/entry_bytes.h"

namespace ccbus::determinism {

// The log that the test's file holds.
[[nodiscard]] inline ordering::LogIdentity log_identity() {
  return {ChannelId{"ch1"}, "0123456789abcdef"};
}

// One file: each entry has its length in front of it, 8 bytes of this machine.
inline void append_entry(std::ofstream& file, std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  file.write(reinterpret_cast<const char*>(&size), sizeof size);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw std::runtime_error("the log cannot be written");
}

[[nodiscard]] inline std::vector<std::string> read_entries(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> entries;
  for (std::uint64_t size = 0; file.read(reinterpret_cast<char*>(&size), sizeof size);) {
    std::string& bytes = entries.emplace_back(size, '\0');
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
      throw std::runtime_error(path + " ends within an entry");
    }
  }
  if (entries.empty()) throw std::runtime_error(path + " holds no entry");
  return entries;
}

// In a program of the test, an error ends it.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace ccbus::determinism
