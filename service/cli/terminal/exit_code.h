#pragma once

namespace ccbus::cli {

// The exit status of a command. Scripts depend on the numbers.
enum ExitCode : int {
  kSuccess = 0,
  kRefused = 1,      // The service or the chaincode refused, or did not answer in time.
  kUsage = 2,        // The command line is wrong; nothing was sent.
  kUnreachable = 3,  // No connection, or it broke: a submit that was sent may have taken effect.
};

// The last lines of every command's --help.
inline constexpr const char* kExitCodesHelp =
    "Exit codes: 0 success, 1 refused, 2 wrong usage, 3 service unreachable or connection lost.";

}  // namespace ccbus::cli
