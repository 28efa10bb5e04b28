#pragma once

#include <string>

#include "ccbus/client.pb.h"

namespace ccbus::test {

// Why a request was refused: what the endorser said, if it is the endorser's refusal.
[[nodiscard]] inline std::string reason_of(const ccbus::ClientResponse& response) {
  const ccbus::Status& status = response.status();
  return status.details().empty() ? status.message() : status.details(0).message();
}

}  // namespace ccbus::test
