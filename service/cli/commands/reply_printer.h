#pragma once

#include <functional>
#include <string>

#include "ccbus/client/client.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

// How a reply reads; either text without the last line feed, or with.
struct ReplyTexts {
  std::function<std::string(const client::Reply&)> json;
  std::function<std::string(const client::Reply&)> people;  // Of a success.
};

// Prints a reply to standard output, or for people why there is none to standard error.
[[nodiscard]] ExitCode print_reply(const client::Reply& reply, bool as_json,
                                   const ReplyTexts& texts);

}  // namespace ccbus::cli
