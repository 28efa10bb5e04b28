#include "service/base/log.h"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/async.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>

namespace ccbus {
namespace {

constexpr std::size_t kQueueLines = 8192;

// spdlog accepts more spellings; only those that the documentation names are accepted here.
constexpr std::array<std::string_view, 6> kLevels = {"trace", "debug", "info",
                                                     "warn",  "error", "off"};

// Protobuf itself would write to stderr about malformed bytes from a peer. They are reported where
// they are refused.
void ignore_protobuf(google::protobuf::LogLevel level, const char* file, int line,
                     const std::string& text) {
  static_cast<void>(level);
  static_cast<void>(file);
  static_cast<void>(line);
  static_cast<void>(text);
}

}  // namespace

std::string log_levels() {
  std::string text = "one of ";
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (i != 0) text += i + 1 == kLevels.size() ? " and " : ", ";
    text += kLevels[i];
  }
  return text;
}

Result<spdlog::level::level_enum> parse_log_level(std::string_view level) {
  if (std::ranges::find(kLevels, level) == kLevels.end()) {
    return fail(ErrorCode::kInvalid, "'" + std::string(level) + "' is not " + log_levels());
  }
  return spdlog::level::from_str(std::string(level));
}

Result<std::shared_ptr<Logger>> make_logger(std::string_view level) {
  const auto parsed = parse_log_level(level);
  if (!parsed) return unexpected(parsed.error());
  google::protobuf::SetLogHandler(ignore_protobuf);
  spdlog::init_thread_pool(kQueueLines, 1);
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger =
      std::make_shared<spdlog::async_logger>("ccbus", std::move(sink), spdlog::thread_pool(),
                                             spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(*parsed);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %-5l %v");
  logger->flush_on(spdlog::level::warn);
  return logger;
}

std::shared_ptr<Logger> make_silent_logger() {
  google::protobuf::SetLogHandler(ignore_protobuf);
  auto logger =
      std::make_shared<spdlog::logger>("silent", std::make_shared<spdlog::sinks::null_sink_mt>());
  logger->set_level(spdlog::level::off);
  return logger;
}

std::string_view txid8(std::string_view txid) {
  return txid.substr(0, 8);
}

}  // namespace ccbus
