#pragma once

#include <optional>
#include <string>

namespace ccbus::load {

// Reads lines from a descriptor, which the constructor makes non-blocking and which is not owned.
class LineReader {
 public:
  explicit LineReader(int descriptor);

  // Returns the next line without its end. Returns nullopt if no line is available yet, or, if
  // is_at_end(), if there will be no more.
  [[nodiscard]] std::optional<std::string> next();
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  bool is_at_end_ = false;
  std::string pending_;
};

}  // namespace ccbus::load
