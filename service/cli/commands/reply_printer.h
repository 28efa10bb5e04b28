#pragma once

#include <functional>
#include <string>

#include "ccbus/client/client.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

// The forms in which a reply is printed. Both texts may end with a line feed or not.
struct ReplyTexts {
  std::function<std::string(const client::Reply&)> json;
  std::function<std::string(const client::Reply&)> people;  // For a success only.
};

// Prints a reply to standard output. A failure that is not to be printed as JSON goes to standard
// error.
[[nodiscard]] ExitCode print_reply(const client::Reply& reply, bool as_json,
                                   const ReplyTexts& texts);

}  // namespace ccbus::cli
