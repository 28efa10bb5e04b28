#include "ccbus/shim/chaincode.h"

#include <utility>

namespace ccbus::shim {

Response success(std::string payload) {
  return {kOk, {}, std::move(payload)};
}

Response error(std::string message) {
  return {kError, std::move(message), {}};
}

Response Chaincode::init(Stub&) {
  return success();
}

}  // namespace ccbus::shim
