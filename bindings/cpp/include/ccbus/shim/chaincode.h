#pragma once

#include <cstdint>
#include <string>

namespace ccbus::shim {

class Stub;

// Fabric's statuses. With kErrorThreshold or above, the peer does not endorse the transaction.
inline constexpr std::int32_t kOk = 200;
inline constexpr std::int32_t kErrorThreshold = 400;
inline constexpr std::int32_t kError = 500;

// The response of a chaincode. `message` must be UTF-8; `payload` is bytes.
struct Response {
  std::int32_t status = kOk;
  std::string message;
  std::string payload;
};

[[nodiscard]] Response success(std::string payload = {});
[[nodiscard]] Response error(std::string message);

// The interface that a chaincode implements. One object serves every transaction of the process.
//
// Thread:   worker threads, several at the same time; protect the members of the object.
// Blocks:   calls of the stub wait for the peer; a call that blocks occupies only its own worker.
// Lifetime: the stub is valid until the call returns. The object must outlive the Shim.
// Errors:   an exception that leaves the call becomes a response of status 500 with its text.
class Chaincode {
 public:
  Chaincode() = default;
  Chaincode(const Chaincode&) = delete;
  Chaincode& operator=(const Chaincode&) = delete;
  virtual ~Chaincode() = default;

  // Called for a transaction that was sent as initialisation (`ccbus invoke --isInit`).
  virtual Response init(Stub& stub);

  virtual Response invoke(Stub& stub) = 0;
};

}  // namespace ccbus::shim
