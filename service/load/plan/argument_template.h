#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::load {

// The values of the placeholders in one request.
struct TemplateValues {
  std::uint64_t n = 0;  // Counts the requests of a run from 0.
  std::string_view key;
  std::string_view payload;
};

// The arguments of a chaincode call with the placeholders {{n}}, {{key}} and {{payload}}. Parsed
// once, expanded for every request.
class ArgumentTemplate {
 public:
  // Errors: kInvalid, naming a placeholder that is unknown or not closed.
  [[nodiscard]] static Result<ArgumentTemplate> parse(const std::vector<std::string>& arguments);

  [[nodiscard]] std::vector<std::string> expand(const TemplateValues& values) const;
  [[nodiscard]] bool uses_key() const { return uses_key_; }

 private:
  enum class Kind { kText, kNumber, kKey, kPayload };
  struct Piece {
    Kind kind;
    std::string text;
  };

  [[nodiscard]] static Result<Kind> placeholder(std::string_view name);
  [[nodiscard]] static Result<std::vector<Piece>> parse_argument(std::string_view argument);

  std::vector<std::vector<Piece>> arguments_;
  bool uses_key_ = false;
};

}  // namespace ccbus::load
