#pragma once

#include <chrono>
#include <cstdint>

#include "service/cli/commands/connection_options.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

struct WatchOptions {
  std::chrono::milliseconds interval{1'000};
  std::uint64_t count = 0;  // Number of refreshes; 0: until it is interrupted.
  bool json = false;
};

// Runs `ccbus status --watch`: asks for the status repeatedly and shows it with the rates between
// two responses. Like `ccbus status` it uses the client endpoint, so that both take the same
// address; one response, made at one moment on the bus thread, contains everything that is shown.
//
// While the service does not respond, it keeps asking and shows that. Returns kSuccess on SIGINT
// and SIGTERM. After `count` refreshes it returns kSuccess, or the exit code for why the last one
// had no response.
[[nodiscard]] ExitCode watch_status(const ConnectionOptions& connection,
                                    const WatchOptions& options);

}  // namespace ccbus::cli
