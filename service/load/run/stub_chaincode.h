#pragma once

#include <cstdint>

#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/stub.h"
#include "service/base/mutex.h"
#include "service/load/plan/workload_arguments.h"
#include "service/load/result/outcome_tally.h"

namespace ccbus::load {

// The built-in workload as a user's chaincode: a transaction makes its calls of the stub one after
// the other, as its arguments say. A round trip is one call; the later pages of a range are not
// among them.
//
// Thread: any, as the SDK requires it of a chaincode.
class StubChaincode final : public shim::Chaincode {
 public:
  StubChaincode();

  shim::Response invoke(shim::Stub& stub) override;

  // Counts from now on in this window.
  void measure(const Window& window);
  void shorten(SteadyTime until);
  // Calls that succeeded within the window so far.
  [[nodiscard]] std::uint64_t measured() const;
  [[nodiscard]] OutcomeTally tally() const;

 private:
  shim::Response carry_out(shim::Stub& stub, const RunTask& task);
  shim::Response carry_out(shim::Stub& stub, const LoadTask& task);
  shim::Response carry_out(shim::Stub& stub, const HoldTask& task);

  // Makes one call of the stub, and counts it, also if it throws.
  template <class Call>
  auto timed(const Call& call);
  void count(SteadyTime asked, Outcome outcome);

  mutable Mutex mutex_;
  OutcomeTally tally_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::load
