#pragma once

#include <stdexcept>

namespace ccbus::shim {

// A stub call failed. what() is the peer's text if the peer refused the call, and our own if it was
// never sent. An Error that the chaincode does not catch becomes a response of status 500 with this
// text, like every other std::exception.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The stream ended while the transaction was running. Its writes cannot reach the ledger any more,
// so the chaincode should return.
class StreamTerminated : public Error {
 public:
  StreamTerminated() : Error("chaincode stream terminated") {}
};

}  // namespace ccbus::shim
