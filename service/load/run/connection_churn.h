#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/curve/keys.h"
#include "service/load/plan/workload_plan.h"
#include "service/load/result/load_result.h"
#include "service/load/result/outcome_tally.h"
#include "service/load/run/arrival_queue.h"
#include "service/load/run/event_source.h"
#include "zmq.hpp"

namespace ccbus::load {

// Chaincodes that connect and leave again, each with a DEALER of its own: connect, REGISTER,
// REGISTERED, READY, the empty frame, its answer, close. An operation ends with READY; its slot is
// free again once the service has answered the empty frame.
class ConnectionChurn final : public EventSource {
 public:
  // The context must outlive this object.
  ConnectionChurn(zmq::context_t& context, std::string endpoint, curve::Keys keys,
                  const WorkloadPlan& plan);
  ~ConnectionChurn() override;

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const override;
  bool turn() override;

  void begin(const Window& window);
  void shorten(SteadyTime until);

  [[nodiscard]] std::uint64_t open() const { return attempts_.size(); }
  [[nodiscard]] const OutcomeTally& tally() const { return tally_; }
  [[nodiscard]] Schedule schedule() const { return arrivals_ ? arrivals_->schedule() : Schedule(); }
  [[nodiscard]] const std::map<std::string, std::string>& examples() const { return examples_; }
  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  class Attempt;

  void start_due(SteadyTime now);
  bool is_over(Attempt& attempt);
  void end(Attempt& attempt, Outcome outcome, const std::string& kind, const std::string& message);

  zmq::context_t& context_;
  const std::string endpoint_;
  const curve::Keys keys_;
  const WorkloadPlan plan_;
  const std::string registration_;
  bool is_begun_ = false;
  std::vector<std::unique_ptr<Attempt>> attempts_;  // Oldest first.
  OutcomeTally tally_;
  std::map<std::string, std::string> examples_;
  std::optional<ArrivalQueue> arrivals_;  // Open loop.
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace ccbus::load
