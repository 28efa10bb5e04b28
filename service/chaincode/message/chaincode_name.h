#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "service/base/name_rule.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// The parts of `name[:version][/channel]`; absent parts are empty. Fabric's decomposition: the
// first slash splits off the channel, then the first colon the version.
struct ChaincodeName {
  std::string name;
  std::string version;
  std::string channel;

  [[nodiscard]] static ChaincodeName parse(std::string_view text);
};

// The bare name, which is the ledger's namespace and what invocations name: Fabric's rule for
// package labels.
inline constexpr NameRule kChaincodeNameRule{kLettersAndDigits, kLettersAndDigits | "_.+-"};

// Whether a process may register under this text, whose bare name has to follow the rule: `basic`,
// `basic:1.0` and package ids all pass.
//
// Errors: kInvalid, naming the value and the rule or the limit.
[[nodiscard]] Result<void> check_registration_name(std::string_view text, std::size_t bytes_max);

}  // namespace ccbus::chaincode
