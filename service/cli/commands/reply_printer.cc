#include "service/cli/commands/reply_printer.h"

#include <iostream>

#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

void print(std::ostream& out, const std::string& text) {
  out << text;
  if (text.empty() || text.back() != '\n') out << "\n";
  out.flush();
}

}  // namespace

ExitCode print_reply(const client::Reply& reply, bool as_json, const ReplyTexts& texts) {
  const ExitCode code = exit_code_of(reply);
  if (as_json) {
    print(std::cout, texts.json(reply));
  } else if (code == kSuccess) {
    print(std::cout, texts.people(reply));
  } else {
    print(std::cerr, failure_text(reply));
  }
  return code;
}

}  // namespace ccbus::cli
