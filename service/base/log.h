#pragma once

#include <spdlog/fmt/ostr.h>
#include <spdlog/logger.h>

#include <memory>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Passed to everything that logs; there is no global logger. Lines read `event.name key=value ...`:
//   logger.info("handler.ready handler={} ccid={}", id, ccid);
// Never log values, private data, keys or whole payloads. Levels: error, a person must act; warn, a
// peer misbehaved or a limit was reached; info, life cycle; debug, a line for each step.
using Logger = spdlog::logger;

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
