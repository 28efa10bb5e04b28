#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/assembly/channel_set.h"
#include "service/assembly/wiring.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/bus/next_state_pipe.h"
#include "service/config/config.h"
#include "service/metrics/metrics.h"
#include "service/operations/watched.h"

namespace ccbus {

// The service as the operations endpoint sees it. What lives on the bus thread is asked for through
// the next-state pipe, and only when a request needs it, so that the bus thread pays nothing while
// no request comes.
//
// Thread: the threads of the operations endpoint, several at once, except where a function says
// otherwise.
class WatchedService final : public operations::WatchedConnections {
 public:
  // Questions that only the bus thread can answer; called on it.
  struct Questions {
    std::function<ccbus::StatusResponse(Now)> status;
    std::function<operations::Connections(Now, operations::Page)> connections;
  };

  struct Metrics {
    const Counters& counters;
    const chaincode::LabelledShimMetrics& shim;
    const chaincode::NextStateMetrics& next_states;
    const gateway::EndorserMetrics& endorser;
  };

  // What it reports on. All of it outlives it.
  struct Dependencies {
    const Config& config;
    bus::NextStatePipe<BusEvent>& pipe;
    const ChannelSet& channels;
    Metrics metrics;
    std::vector<const bus::RouterEndpoint*> endpoints;
    Logger& logger;
  };

  // The threads that use it have ended before it is destroyed.
  WatchedService(const Dependencies& dependencies, Questions questions)
      : with_(dependencies), questions_(std::move(questions)) {}

  // From now on the health check fails: the service stops. Any thread.
  void stopping() { stopping_.store(true, std::memory_order_relaxed); }

  std::vector<operations::FailedCheck> failed_checks() override;
  void collect(operations::Exposition& metrics) override;
  Result<ccbus::StatusResponse> status() override;
  Result<operations::Connections> connections(operations::Page page) override;
  std::string log_level() const override;
  Result<void> set_log_level(std::string_view level) override;

 private:
  // Runs `question` on the bus thread, and waits for it.
  // Errors: kDeadline it did not in time; kPrecondition the service stops.
  Result<void> ask_bus(std::function<void(Now)> question) CCBUS_EXCLUDES(mutex_);
  // Returns false if the pipe is full.
  bool send_to_bus(std::unique_ptr<BusEvent> event) CCBUS_EXCLUDES(mutex_);
  // The same for an answer. It is shared, since the waiting side may give up first.
  template <class Answer>
  Result<Answer> ask_bus_for(std::function<Answer(Now)> question);

  const Dependencies with_;
  const Questions questions_;
  std::atomic<bool> stopping_{false};

  // One after the other the threads use one sender: the mutex is the barrier that a ZeroMQ socket
  // needs when it goes from thread to thread. Nothing waits while it is held.
  Mutex mutex_;
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus
