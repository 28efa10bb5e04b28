#pragma once

#include <spdlog/fmt/ostr.h>
#include <spdlog/logger.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "service/base/clock.h"
#include "service/base/mutex.h"
#include "service/base/repeated_lines.h"
#include "service/base/result.h"

namespace ccbus {

// Text as an argument of a log line: a long one is cut, and its size told.
struct LoggedText {
  std::string_view text;
  std::size_t bytes = 0;  // Of the whole text.
};

// Passed to everything that logs; there is no global logger. Lines read `event.name key=value ...`:
//   logger.info("handler.ready handler={} ccid={}", id, ccid);
// Never log values, private data, keys or whole payloads. Levels: error, a person must act; warn, a
// peer misbehaved or a limit was reached; info, life cycle; debug, a line for each step.
//
// Whatever the arguments contain, a call makes one line of printable text (printable.h) of at most
// kLineBytesMax bytes, and of each text at most kTextBytesMax. Of the lines of one level and format
// the first ones in ten seconds are written, and the others summed up in a line
// "event.name … 2,312 more in 10 s" (repeated_lines.h); debug and trace are written in full.
//
// Thread: any. Below its level a call costs a comparison, and takes no lock.
class Logger {
 public:
  using Level = spdlog::level::level_enum;
  using Clock = std::function<SteadyTime()>;

  static constexpr std::size_t kTextBytesMax = 2048;
  static constexpr std::size_t kLineBytesMax = 8192;

  // Lines go to `lines`, whose level and pattern hold; `clock` is asked for the windows.
  explicit Logger(std::shared_ptr<spdlog::logger> lines,
                  Clock clock = std::chrono::steady_clock::now);
  // Writes the summaries that are left.
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  template <class... Args>
  void trace(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::trace, format, args...);
  }
  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::debug, format, args...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::info, format, args...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::warn, format, args...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::err, format, args...);
  }

  [[nodiscard]] Level level() const { return lines_->level(); }
  void set_level(Level level) { lines_->set_level(level); }

  // Writes the summaries whose time has come. Every line does so, too; a timer calls it so that
  // they are written if no further line comes.
  void write_summaries() CCBUS_EXCLUDES(mutex_);

 private:
  static LoggedText cut(std::string_view text);

  // Text of any type becomes LoggedText; everything else stays as it is.
  template <class Argument>
  static decltype(auto) formatted(const Argument& argument) {
    if constexpr (std::is_convertible_v<const Argument&, std::string_view>) {
      if constexpr (std::is_pointer_v<Argument>) {
        return cut(argument == nullptr ? std::string_view("(null)") : std::string_view(argument));
      } else {
        return cut(std::string_view(argument));
      }
    } else {
      return (argument);
    }
  }

  template <class... Args>
  void log(Level level, fmt::string_view format, const Args&... args) {
    if (!lines_->should_log(level)) return;
    write(level, format, fmt::make_format_args(formatted(args)...));
  }

  void write(Level level, fmt::string_view format, fmt::format_args args) noexcept
      CCBUS_EXCLUDES(mutex_);
  void write_all(const std::vector<RepeatedLines::Summary>& summaries);
  void put(Level level, std::string_view line);

  const std::shared_ptr<spdlog::logger> lines_;
  const Clock clock_;
  Mutex mutex_;
  RepeatedLines repeated_ CCBUS_GUARDED_BY(mutex_);
};

// Returns "one of trace, debug, info, warn, error and off", for help and error texts.
[[nodiscard]] std::string log_levels();

// Errors: kInvalid, naming the levels.
[[nodiscard]] Result<spdlog::level::level_enum> parse_log_level(std::string_view level);

// Makes a logger that writes to stderr from a thread of its own. A full queue drops the oldest
// lines, so that logging never holds up the bus thread. Errors: as parse_log_level().
[[nodiscard]] Result<std::shared_ptr<Logger>> make_logger(std::string_view level);

// Makes a logger that discards every line, for tests and tools.
[[nodiscard]] std::shared_ptr<Logger> make_silent_logger();

// Returns the first eight characters, as Fabric shortens transaction ids in its messages.
[[nodiscard]] std::string_view txid8(std::string_view txid);

}  // namespace ccbus

template <>
struct fmt::formatter<ccbus::LoggedText> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const ccbus::LoggedText& logged, Context& context) const {
    auto out = fmt::formatter<fmt::string_view>::format(
        fmt::string_view(logged.text.data(), logged.text.size()), context);
    return logged.bytes == logged.text.size() ? out
                                              : fmt::format_to(out, "... ({} bytes)", logged.bytes);
  }
};
