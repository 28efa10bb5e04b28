#include "service/chaincode/message/chaincode_name.h"

namespace ccbus::chaincode {
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
  if (text.find('/') != std::string_view::npos) {
    return fail(ErrorCode::kInvalid, "invalid chaincode name '" + std::string(text) +
                                         "': a registration names no channel, so it has no '/'");
  }
  if (!is_name(parts.name, kChaincodeNameRule, bytes_max)) {
    return fail(ErrorCode::kInvalid,
                "invalid chaincode name '" + parts.name +
                    "': it must begin with a letter or a digit and hold only those and _.+-");
  }
  return {};
}

}  // namespace ccbus::chaincode
