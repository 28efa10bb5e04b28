#pragma once

#include <optional>
#include <string>

namespace ccbus::load {

// Lines from a descriptor that does not block (the constructor sees to that); not owned.
class LineReader {
 public:
  explicit LineReader(int descriptor);

  // The next line without its end. Nothing: none is there yet, or, is_at_end(), none will come.
  [[nodiscard]] std::optional<std::string> next();
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  bool is_at_end_ = false;
  std::string pending_;
};

}  // namespace ccbus::load
