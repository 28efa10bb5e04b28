#include "service/chaincode/message/chaincode_name.h"

#include <algorithm>

namespace ccbus::chaincode {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_label_character(char c) {
  return is_alphanumeric(c) || c == '_' || c == '.' || c == '+' || c == '-';
}

}  // namespace

ChaincodeName ChaincodeName::parse(std::string_view text) {
  ChaincodeName parts;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    parts.channel = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    parts.version = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  parts.name = text;
  return parts;
}

Result<void> check_registration_name(std::string_view text, std::size_t bytes_max) {
  if (text.empty()) {
    return fail(ErrorCode::kInvalid,
                "error in handling register chaincode, chaincodeID name is empty");
  }
  if (text.size() > bytes_max) {
    return fail(ErrorCode::kInvalid, "chaincode name of " + std::to_string(text.size()) +
                                         " bytes exceeds the limit of " +
                                         std::to_string(bytes_max));
  }
  const ChaincodeName parts = ChaincodeName::parse(text);
  if (parts.name.empty() || !is_alphanumeric(parts.name.front()) ||
      !std::ranges::all_of(parts.name, is_label_character)) {
    return fail(ErrorCode::kInvalid,
                "invalid chaincode name '" + parts.name +
                    "': it must begin with a letter or a digit and hold only those and _.+-");
  }
  return {};
}

}  // namespace ccbus::chaincode
