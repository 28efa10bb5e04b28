#pragma once

#include <string>
#include <vector>

#include "service/base/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// One key of a ledger: a simple one, or the parts of a composite one, whose bytes cannot be typed.
struct KeyOptions {
  std::string simple;
  std::vector<std::string> composite;  // The object type and the attributes.

  // Adds KEY and --composite. *this must outlive the parsing.
  void add_to(CLI::App& command);

  // Errors: kInvalid if neither is given, or a part that no composite key can have.
  [[nodiscard]] Result<std::string> key() const;
};

// Which keys of a ledger: simple ones between two bounds, or the composite ones that begin with
// parts.
struct RangeOptions {
  struct Bounds {
    std::string start;
    std::string end;  // Empty: to the last key.
  };

  Bounds bounds;
  std::vector<std::string> composite;

  // Adds --start, --end and --composite. *this must outlive the parsing.
  void add_to(CLI::App& command);

  // Errors: kInvalid, a part that no composite key can have.
  [[nodiscard]] Result<Bounds> range() const;
};

// The bookmark of the page before, as `ccbus` prints it.
struct BookmarkOptions {
  std::string text;
  std::string base64;  // For one that a shell cannot pass on, such as that of a composite key.

  // Adds --bookmark and --bookmark-base64. *this must outlive the parsing.
  void add_to(CLI::App& command);

  // Errors: kInvalid, no base64.
  [[nodiscard]] Result<std::string> bookmark() const;
};

}  // namespace ccbus::cli
