#pragma once

#include <spdlog/fmt/ostr.h>
#include <spdlog/logger.h>

#include <memory>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Whoever logs is handed this; there is no global logger. Lines read `event.name key=value ...`:
//   logger.info("handler.ready handler={} ccid={}", id, ccid);
// Never values, private data, keys or whole payloads. error: a person must act; warn: a peer
// misbehaved or a limit was reached; info: life cycle; debug: a line per step.
using Logger = spdlog::logger;

// "one of trace, debug, info, warn, error and off": the levels there are.
[[nodiscard]] std::string log_levels();

// Errors: kInvalid, naming those.
[[nodiscard]] Result<spdlog::level::level_enum> parse_log_level(std::string_view level);

// Writes to stderr from a thread of its own. A full queue drops the oldest lines, so that logging
// never holds up the bus thread. Errors: as parse_log_level().
[[nodiscard]] Result<std::shared_ptr<Logger>> make_logger(std::string_view level);

// Takes everything and writes nothing: for tests and tools.
[[nodiscard]] std::shared_ptr<Logger> make_silent_logger();

// The first eight characters, as Fabric shortens transaction ids in text for people.
[[nodiscard]] std::string_view txid8(std::string_view txid);

}  // namespace ccbus
