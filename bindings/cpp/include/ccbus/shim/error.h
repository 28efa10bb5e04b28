#pragma once

#include <stdexcept>

namespace ccbus::shim {

// A stub call that did not succeed. what() is the peer's own text where the peer refused, and ours
// where the call never left. An Error that the chaincode lets through becomes a response of status
// 500 with this text; so does every other std::exception.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The stream ended while the transaction ran. Nothing that it writes can reach the ledger any more:
// return.
class StreamTerminated : public Error {
 public:
  StreamTerminated() : Error("chaincode stream terminated") {}
};

}  // namespace ccbus::shim
