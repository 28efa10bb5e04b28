#include "service/base/log.h"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/async.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <utility>

#include "service/base/printable.h"

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

// 2312 as "2,312".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
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

Logger::Logger(std::shared_ptr<spdlog::logger> lines, Clock clock)
    : lines_(std::move(lines)), clock_(std::move(clock)), repeated_(RepeatedLines::Options{}) {}

Logger::~Logger() {
  try {
    std::vector<RepeatedLines::Summary> summaries;
    {
      const MutexLock lock(mutex_);
      repeated_.take_all(clock_(), summaries);
    }
    write_all(summaries);
  } catch (const std::exception&) {  // As in write().
  }
}

LoggedText Logger::cut(std::string_view text) {
  if (text.size() <= kTextBytesMax) return {text, text.size()};
  std::size_t bytes = kTextBytesMax;
  const auto continues = [&] { return (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80; };
  while (bytes > kTextBytesMax - 3 && continues()) --bytes;  // Not within a character.
  return {text.substr(0, bytes), text.size()};
}

// Logging ends no request: a line that cannot be formatted, for want of memory, is lost.
void Logger::write(Level level, fmt::string_view format, fmt::format_args args) noexcept {
  try {
    if (level >= spdlog::level::info) {
      std::vector<RepeatedLines::Summary> summaries;
      bool admitted = false;
      {
        const MutexLock lock(mutex_);
        admitted = repeated_.admit(clock_(), level, {format.data(), format.size()}, summaries);
      }
      write_all(summaries);
      if (!admitted) return;
    }
    fmt::memory_buffer line;
    fmt::vformat_to(fmt::appender(line), format, args);
    put(level, {line.data(), line.size()});
  } catch (const std::exception&) {
  }
}

void Logger::write_summaries() {
  std::vector<RepeatedLines::Summary> summaries;
  {
    const MutexLock lock(mutex_);
    repeated_.take_ended(clock_(), summaries);
  }
  write_all(summaries);
}

void Logger::write_all(const std::vector<RepeatedLines::Summary>& summaries) {
  for (const RepeatedLines::Summary& summary : summaries) {
    put(static_cast<Level>(summary.level),
        fmt::format("{} … {} more in {} s", summary.event, grouped(summary.lines),
                    summary.within.count()));
  }
}

void Logger::put(Level level, std::string_view line) {
  if (line.size() <= kLineBytesMax && printable_prefix(line) == line.size()) {
    lines_->log(level, spdlog::string_view_t(line.data(), line.size()));
    return;
  }
  const std::string safe = printable(line, kLineBytesMax);
  lines_->log(level, spdlog::string_view_t(safe.data(), safe.size()));
}

Result<std::shared_ptr<Logger>> make_logger(std::string_view level) {
  const auto parsed = parse_log_level(level);
  if (!parsed) return unexpected(parsed.error());
  google::protobuf::SetLogHandler(ignore_protobuf);
  spdlog::init_thread_pool(kQueueLines, 1);
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto lines =
      std::make_shared<spdlog::async_logger>("ccbus", std::move(sink), spdlog::thread_pool(),
                                             spdlog::async_overflow_policy::overrun_oldest);
  lines->set_level(*parsed);
  lines->set_pattern("%Y-%m-%dT%H:%M:%S.%e %-5l %v");
  lines->flush_on(spdlog::level::warn);
  return std::make_shared<Logger>(std::move(lines));
}

std::shared_ptr<Logger> make_silent_logger() {
  google::protobuf::SetLogHandler(ignore_protobuf);
  auto lines =
      std::make_shared<spdlog::logger>("silent", std::make_shared<spdlog::sinks::null_sink_mt>());
  lines->set_level(spdlog::level::off);
  return std::make_shared<Logger>(std::move(lines));
}

std::string_view txid8(std::string_view txid) {
  return txid.substr(0, 8);
}

}  // namespace ccbus
