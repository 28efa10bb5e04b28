#include "service/cli/terminal/live_screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "service/cli/terminal/printable_stream.h"

namespace ccbus::cli {
namespace {

// Control sequences of ECMA-48, and DEC's private modes, which current terminals support.
constexpr const char* kEnter =
    "\033[?25l\033[?7l\033[2J";  // Hide the cursor, disable wrapping, clear.
constexpr const char* kLeave = "\033[?7h\033[?25h";
constexpr const char* kHome = "\033[H";
constexpr const char* kEndOfLine = "\033[K\n";  // Also erases the rest of the line.
constexpr const char* kEndOfScreen = "\033[J";

}  // namespace

LiveScreen::Kind LiveScreen::kind_of_stdout() {
  const char* const terminal = std::getenv("TERM");
  const bool is_able = terminal != nullptr && std::string_view(terminal) != "dumb";
  return is_able && isatty(STDOUT_FILENO) == 1 ? Kind::kTerminal : Kind::kPlain;
}

LiveScreen::LiveScreen(std::ostream& out, Kind kind) : out_(out), kind_(kind) {
  if (kind_ == Kind::kTerminal) write_control(out_, kEnter);
  out_.flush();
}

LiveScreen::~LiveScreen() {
  if (kind_ == Kind::kTerminal) write_control(out_, kLeave);
  out_.flush();
}

void LiveScreen::show(const std::string& text, std::size_t rows) {
  if (kind_ == Kind::kPlain) {
    out_ << (is_first_ ? "" : "\n") << text << std::flush;
    is_first_ = false;
    return;
  }
  write_control(out_, kHome);
  std::size_t at = 0;
  // The last row stays free for the cursor.
  for (std::size_t row = 1; row < rows && at < text.size(); ++row) {
    const std::size_t end = text.find('\n', at);
    out_ << std::string_view(text).substr(at, end - at);
    write_control(out_, kEndOfLine);
    at = end == std::string::npos ? text.size() : end + 1;
  }
  write_control(out_, kEndOfScreen);
  out_.flush();
}

std::size_t terminal_rows() {
  constexpr std::size_t kUsualRows = 24;
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return is_known ? size.ws_row : kUsualRows;
}

}  // namespace ccbus::cli
