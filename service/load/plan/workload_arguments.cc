#include "service/load/plan/workload_arguments.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace ccbus::load {
namespace {

using Arguments = std::vector<std::string>;

// "run", gets, puts, payload, range's begin, range's end, milliseconds to think, keys ...
constexpr std::size_t kRunKeys = 7;
// "hold", milliseconds, keys ...
constexpr std::size_t kFirstHoldKey = 2;
// "load", payload, keys ...
constexpr std::size_t kLoadKeys = 2;

std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

Arguments with_keys(Arguments arguments, const Arguments& keys) {
  arguments.insert(arguments.end(), keys.begin(), keys.end());
  return arguments;
}

Arguments keys_from(Arguments& arguments, std::size_t first) {
  const auto begin = arguments.begin() + static_cast<std::ptrdiff_t>(first);
  return {std::make_move_iterator(begin), std::make_move_iterator(arguments.end())};
}

Arguments arguments_of(const RunTask& task) {
  return with_keys({"run", std::to_string(task.gets), std::to_string(task.puts), task.payload,
                    task.range_begin, task.range_end, std::to_string(task.think.count())},
                   task.keys);
}
Arguments arguments_of(const HoldTask& task) {
  return with_keys({"hold", std::to_string(task.time.count())}, task.keys);
}
Arguments arguments_of(const LoadTask& task) {
  return with_keys({"load", task.payload}, task.keys);
}

Result<Task> parse_run(Arguments& arguments) {
  if (arguments.size() < kRunKeys) return fail(ErrorCode::kInvalid, "run has too few arguments");
  const auto gets = number(arguments[1]);
  const auto puts = number(arguments[2]);
  const auto think = number(arguments[6]);
  if (!gets || !puts || !think) return fail(ErrorCode::kInvalid, "run counts what is no number");
  RunTask task{*gets,
               *puts,
               std::move(arguments[3]),
               std::move(arguments[4]),
               std::move(arguments[5]),
               std::chrono::milliseconds(*think),
               keys_from(arguments, kRunKeys)};
  if (task.keys.size() < std::max(task.gets, task.puts)) {
    return fail(ErrorCode::kInvalid, "run has fewer keys than it reads or writes");
  }
  return task;
}

Result<Task> parse_hold(Arguments& arguments) {
  if (arguments.size() <= kFirstHoldKey) return fail(ErrorCode::kInvalid, "hold has no keys");
  const auto time = number(arguments[1]);
  if (!time) return fail(ErrorCode::kInvalid, "hold counts what is no number");
  return HoldTask{std::chrono::milliseconds(*time), keys_from(arguments, kFirstHoldKey)};
}

Result<Task> parse_load(Arguments& arguments) {
  if (arguments.size() <= kLoadKeys) return fail(ErrorCode::kInvalid, "load has no keys");
  return LoadTask{std::move(arguments[1]), keys_from(arguments, kLoadKeys)};
}

}  // namespace

Arguments to_arguments(const Task& task) {
  return std::visit([](const auto& one) { return arguments_of(one); }, task);
}

Result<Task> parse_arguments(Arguments arguments) {
  const std::string function = arguments.empty() ? "" : arguments.front();
  if (function == "run") return parse_run(arguments);
  if (function == "hold") return parse_hold(arguments);
  if (function == "load") return parse_load(arguments);
  return fail(ErrorCode::kInvalid, "'" + function + "' is not known; run, hold and load are");
}

}  // namespace ccbus::load
