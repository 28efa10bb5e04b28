#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace ccbus::bench {

// The keys that the SDK's chaincodes read, and their values: all keys have the same length and sort
// by their numbers. sdk_chaincode.js has the same.
inline std::string sdk_key(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "key" + std::string(8 - std::min<std::size_t>(digits.size(), 8), '0') + digits;
}

inline std::string sdk_value(std::size_t number) {
  std::string value = "value of " + sdk_key(number) + " ";
  value.resize(100, '.');
  return value;
}

}  // namespace ccbus::bench
