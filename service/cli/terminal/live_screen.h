#pragma once

#include <cstddef>
#include <ostream>
#include <string>

namespace ccbus::cli {

// Shows one text after another. On a terminal each text replaces the one before and is cut to the
// terminal's size; elsewhere they are written below each other, separated by an empty line.
class LiveScreen {
 public:
  enum class Kind { kTerminal, kPlain };

  // Returns the kind of standard output. TERM=dumb counts as plain.
  [[nodiscard]] static Kind kind_of_stdout();

  // Hides a terminal's cursor until this object is destroyed. `out` must outlive it.
  LiveScreen(std::ostream& out, Kind kind);
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  // `text` must end with a line break. `rows` is the height of the terminal.
  void show(const std::string& text, std::size_t rows);

 private:
  std::ostream& out_;
  const Kind kind_;
  bool is_first_ = true;
};

// Returns the height of the terminal on standard output; 24 if it is not known.
[[nodiscard]] std::size_t terminal_rows();

}  // namespace ccbus::cli
