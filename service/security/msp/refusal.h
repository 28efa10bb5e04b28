#pragma once

#include <string>
#include <utility>

#include "service/base/result.h"

namespace ccbus::security {

// What is not as the rules of an MSP demand: kInvalid, with the reason.
[[nodiscard]] inline unexpected<Error> refuse(std::string reason) {
  return fail(ErrorCode::kInvalid, std::move(reason));
}

}  // namespace ccbus::security
