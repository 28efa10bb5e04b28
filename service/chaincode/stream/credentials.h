#pragma once

#include <string_view>

#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// What the keys of peers and clients allow; without keys everything. Bus thread.
class Credentials {
 public:
  virtual ~Credentials() = default;

  // Whether the peer may register this chaincode.
  // Errors: kDenied, with the text that the peer is told.
  [[nodiscard]] virtual Result<void> may_register(PeerId, std::string_view /*chaincode*/) const {
    return {};
  }

  // Whether the peer may see what is on a channel. Its chaincode gets no transactions of others.
  [[nodiscard]] virtual bool may_serve(PeerId, std::string_view /*channel*/) const { return true; }

  // Whether a transaction of this client may call chaincode on another channel than its own.
  [[nodiscard]] virtual bool may_reach(PeerId /*client*/, std::string_view /*channel*/) const {
    return true;
  }
};

}  // namespace ccbus::chaincode
