#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/shim/run.h"
#include "service/base/mutex.h"
#include "service/load/result/outcome_tally.h"
#include "service/load/run/dealer_messages.h"
#include "service/load/run/dealer_process.h"
#include "service/load/run/line_reader.h"
#include "service/load/run/stub_chaincode.h"

namespace ccbus::load {

// The dealers of a process as chaincodes on the C++ SDK, each with a stream of its own. The bytes
// that the SDK sends and receives are not counted.
class SdkDealers {
 public:
  explicit SdkDealers(const DealerOptions& options);

  // Blocks: until standard input ends. Throws RunFailed.
  void run();

 private:
  void wait_until_ready();
  void check_not_refused();
  // Waits for commands, at most until the next progress is due, and carries them out.
  void hear_commands();
  void obey(const MeasureCommand& command);
  void obey(const EndCommand& command);
  void obey(const ReportCommand& command);

  LineReader commands_;
  std::optional<SteadyTime> next_progress_;  // While it measures.
  StubChaincode chaincode_;

  Mutex mutex_;
  std::string refusal_ CCBUS_GUARDED_BY(mutex_);  // What a stream said of one; empty: none.

  std::vector<std::unique_ptr<shim::Shim>> shims_;  // Last: they use all of the above.
};

}  // namespace ccbus::load
