#include "service/load/plan/argument_template.h"

#include <algorithm>
#include <utility>

namespace ccbus::load {

Result<ArgumentTemplate> ArgumentTemplate::parse(const std::vector<std::string>& arguments) {
  ArgumentTemplate parsed;
  for (const std::string& argument : arguments) {
    auto pieces = parse_argument(argument);
    if (!pieces) return unexpected(pieces.error());
    parsed.uses_key_ |=
        std::ranges::any_of(*pieces, [](const Piece& piece) { return piece.kind == Kind::kKey; });
    parsed.arguments_.push_back(std::move(*pieces));
  }
  return parsed;
}

Result<ArgumentTemplate::Kind> ArgumentTemplate::placeholder(std::string_view name) {
  if (name == "n") return Kind::kNumber;
  if (name == "key") return Kind::kKey;
  if (name == "payload") return Kind::kPayload;
  return fail(ErrorCode::kInvalid,
              "-c: {{" + std::string(name) + "}} is not known; {{n}}, {{key}} and {{payload}} are");
}

Result<std::vector<ArgumentTemplate::Piece>> ArgumentTemplate::parse_argument(
    std::string_view argument) {
  std::vector<Piece> pieces;
  while (!argument.empty()) {
    const auto begin = argument.find("{{");
    if (begin != 0) pieces.push_back({Kind::kText, std::string(argument.substr(0, begin))});
    if (begin == std::string_view::npos) break;
    const auto end = argument.find("}}", begin);
    if (end == std::string_view::npos) {
      return fail(ErrorCode::kInvalid,
                  "-c: '" + std::string(argument.substr(begin)) + "' has no }} at its end");
    }
    const auto kind = placeholder(argument.substr(begin + 2, end - begin - 2));
    if (!kind) return unexpected(kind.error());
    pieces.push_back({*kind, {}});
    argument.remove_prefix(end + 2);
  }
  return pieces;
}

std::vector<std::string> ArgumentTemplate::expand(const TemplateValues& values) const {
  std::vector<std::string> expanded;
  expanded.reserve(arguments_.size());
  for (const auto& pieces : arguments_) {
    std::string& argument = expanded.emplace_back();
    for (const Piece& piece : pieces) {
      switch (piece.kind) {
        case Kind::kText: argument += piece.text; break;
        case Kind::kNumber: argument += std::to_string(values.n); break;
        case Kind::kKey: argument += values.key; break;
        case Kind::kPayload: argument += values.payload; break;
      }
    }
  }
  return expanded;
}

}  // namespace ccbus::load
