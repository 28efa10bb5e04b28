#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "service/base/name_rule.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// The parts of `name[:version][/channel]`; absent parts are empty. They are split as in Fabric: at
// the first slash for the channel, then at the first colon for the version.
struct ChaincodeName {
  std::string name;
  std::string version;
  std::string channel;

  [[nodiscard]] static ChaincodeName parse(std::string_view text);
};

// The rule for the bare name, which invocations use and which is the ledger's namespace. It is
// Fabric's rule for package labels.
inline constexpr NameRule kChaincodeNameRule{kLettersAndDigits, kLettersAndDigits | "_.+-"};

// Checks the text under which a process registers: its bare name has to follow the rule. `basic`,
// `basic:1.0` and package ids all pass.
//
// Errors: kInvalid if it is empty, too long or breaks the rule.
[[nodiscard]] Result<void> check_registration_name(std::string_view text, std::size_t bytes_max);

}  // namespace ccbus::chaincode
