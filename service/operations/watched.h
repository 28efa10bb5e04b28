#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/result.h"
#include "service/operations/connections.h"
#include "service/operations/exposition.h"

namespace ccbus::operations {

// A component that fails its health check, and why.
struct FailedCheck {
  std::string component;
  std::string reason;
};

// A running program, as the operations endpoint sees it.
//
// Thread: the endpoint's threads, several at once.
// Blocks: failed_checks() may ask the program's own thread and wait at most about a second for its
//         answer. The other functions read atomics.
class Watched {
 public:
  virtual ~Watched() = default;

  // Returns the components that are not healthy; empty if all are.
  [[nodiscard]] virtual std::vector<FailedCheck> failed_checks() = 0;

  virtual void collect(Exposition& metrics) = 0;

  [[nodiscard]] virtual std::string log_level() const = 0;
  // Errors: kInvalid, naming the valid levels.
  [[nodiscard]] virtual Result<void> set_log_level(std::string_view level) = 0;
};

// The running service. Implemented in assembly/ and by tests.
//
// Blocks: its functions ask the bus thread and wait at most about a second for its answer.
class WatchedConnections : public Watched {
 public:
  // Errors: kDeadline if the bus thread did not answer in time; kPrecondition while the service
  //         stops.
  [[nodiscard]] virtual Result<ccbus::StatusResponse> status() = 0;
  // Errors: as status().
  [[nodiscard]] virtual Result<Connections> connections(Page page) = 0;
};

}  // namespace ccbus::operations
