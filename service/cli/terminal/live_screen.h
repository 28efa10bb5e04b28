#pragma once

#include <cstddef>
#include <ostream>
#include <string>

namespace ccbus::cli {

// Shows one text after another: on a terminal each in the place of the one before, cut to its size;
// elsewhere one below the other, with an empty line between them.
class LiveScreen {
 public:
  enum class Kind { kTerminal, kPlain };

  // What standard output is. TERM=dumb is plain.
  [[nodiscard]] static Kind kind_of_stdout();

  // Hides a terminal's cursor until the end. `out` outlives it.
  LiveScreen(std::ostream& out, Kind kind);
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  // The text ends with a line break. `rows` is what a terminal has.
  void show(const std::string& text, std::size_t rows);

 private:
  std::ostream& out_;
  const Kind kind_;
  bool is_first_ = true;
};

// Of the terminal that standard output is; 24 where it does not say.
[[nodiscard]] std::size_t terminal_rows();

}  // namespace ccbus::cli
