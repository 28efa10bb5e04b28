#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "service/base/result.h"

namespace ccbus::load {

// The tasks of the built-in chaincode, and their encoding as the arguments of a call.

// Reads the first `gets` keys, then the range, thinks, then writes the first `puts` keys.
struct RunTask {
  std::size_t gets = 0;
  std::size_t puts = 0;
  std::string payload;
  std::string range_begin;  // Empty: no range.
  std::string range_end;
  std::chrono::milliseconds think{0};
  std::vector<std::string> keys;  // As many as the larger of `gets` and `puts`.
};

// Reads the keys in turn, one GET_STATE at a time, until `time` has passed.
struct HoldTask {
  std::chrono::milliseconds time{0};
  std::vector<std::string> keys;  // At least one.
};

// Writes the payload to all keys in one transaction.
struct LoadTask {
  std::string payload;
  std::vector<std::string> keys;
};

using Task = std::variant<RunTask, HoldTask, LoadTask>;

[[nodiscard]] std::vector<std::string> to_arguments(const Task& task);

// Reads what to_arguments() writes. Errors: kInvalid, naming the invalid part.
[[nodiscard]] Result<Task> parse_arguments(std::vector<std::string> arguments);

}  // namespace ccbus::load
