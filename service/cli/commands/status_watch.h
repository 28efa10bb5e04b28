#pragma once

#include <chrono>
#include <cstdint>

#include "service/cli/commands/connection_options.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

struct WatchOptions {
  std::chrono::milliseconds interval{1'000};
  std::uint64_t count = 0;  // 0: until it is interrupted.
  bool json = false;
};

// ccbus status --watch: asks for the status again and again and shows it with the rates between two
// answers. It asks on the client endpoint, as ccbus status does: one address for both, and one
// answer, made at one moment on the bus thread, has all that is shown.
//
// A service that goes away is waited for, and its silence is shown. SIGINT and SIGTERM end it with
// kSuccess. After `count` refreshes: kSuccess, or why the last one had no answer.
[[nodiscard]] ExitCode watch_status(const ConnectionOptions& connection,
                                    const WatchOptions& options);

}  // namespace ccbus::cli
