#pragma once

#include <cstdint>
#include <string>

namespace ccbus::shim {

class Stub;

// Fabric's statuses. From kErrorThreshold on, the peer does not endorse what the transaction wrote.
inline constexpr std::int32_t kOk = 200;
inline constexpr std::int32_t kErrorThreshold = 400;
inline constexpr std::int32_t kError = 500;

// What a chaincode answers. `message` must be UTF-8; `payload` is bytes.
struct Response {
  std::int32_t status = kOk;
  std::string message;
  std::string payload;
};

[[nodiscard]] Response success(std::string payload = {});
[[nodiscard]] Response error(std::string message);

// What an author writes. One object serves every transaction of the process.
//
// Thread:   worker threads, several at a time; members of the object need their own protection.
// Blocks:   stub calls wait for the peer; a blocked call holds up one worker and nobody else.
// Lifetime: the stub is valid until the call returns. The object outlives the Shim.
// Errors:   an exception that leaves the call becomes a response of status 500 with its text.
class Chaincode {
 public:
  Chaincode() = default;
  Chaincode(const Chaincode&) = delete;
  Chaincode& operator=(const Chaincode&) = delete;
  virtual ~Chaincode() = default;

  // A transaction that was sent as initialisation (`ccbus invoke --isInit`).
  virtual Response init(Stub& stub);

  virtual Response invoke(Stub& stub) = 0;
};

}  // namespace ccbus::shim
