#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/result.h"
#include "service/operations/connections.h"
#include "service/operations/exposition.h"

namespace ccbus::operations {

// A component that is not well, and why.
struct FailedCheck {
  std::string component;
  std::string reason;
};

// What the endpoint watches: the service. main plugs it in; tests make one.
//
// Thread: the endpoint's alone.
// Blocks: at most about a second, where the bus thread is asked; everything else reads atomics.
class Watched {
 public:
  virtual ~Watched() = default;

  // Empty: all is well.
  [[nodiscard]] virtual std::vector<FailedCheck> failed_checks() = 0;

  virtual void collect(Exposition& metrics) = 0;

  // Errors: kDeadline the bus thread did not answer.
  [[nodiscard]] virtual Result<ccbus::StatusResponse> status() = 0;
  // Errors: kDeadline, as above.
  [[nodiscard]] virtual Result<Connections> connections(Page page) = 0;

  [[nodiscard]] virtual std::string log_level() const = 0;
  // Errors: kInvalid, with the levels there are.
  [[nodiscard]] virtual Result<void> set_log_level(std::string_view level) = 0;
};

}  // namespace ccbus::operations
