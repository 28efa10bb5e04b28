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
// By default a transaction is a fiber: it runs on the stream's thread until it calls its stub, and
// while it waits for the peer the others run. With Options::worker_threads it has a thread for
// itself from its begin to its end, and what follows about blocking does not apply.
//
// Thread:   any. Calls for several transactions overlap: protect the members of the object. After a
//           stub call other transactions have used the thread, and it may be another one: keep no
//           thread_local, such as errno, and no address of one across it.
// Blocks:   a stub call waits for the peer and holds up nobody else. Everything else that takes its
//           time (other services, files, locks, long computations) holds up all transactions and
//           KEEPALIVE for Options::turn_max; then another thread goes on with them, and the
//           function is logged. Chaincode that does so regularly needs worker_threads.
//           A lock that is held during a stub call blocks in this way each transaction that waits
//           for the lock; release it before.
// Stack:    Options::fiber_stack_bytes. An overflow ends the process with a message that names the
//           function.
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
