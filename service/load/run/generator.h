#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/load/plan/request_factory.h"
#include "service/load/result/outcome_tally.h"
#include "service/load/run/arrival_queue.h"
#include "service/load/run/connections.h"
#include "service/load/run/event_source.h"

namespace ccbus::load {

// The clients: sends a plan's requests on so many connections, and counts what comes back.
//
// In a closed loop every answer makes room for the next request. In an open loop requests begin
// when the schedule says so; one that finds no room waits here, and its latency counts from when it
// was to begin.
class Generator final : public EventSource {
 public:
  using AnswerTo = std::function<void(const ClientResponse&)>;

  // Connects. Both outlive it. Throws RunFailed where the endpoint is none.
  Generator(zmq::context_t& context, const std::string& endpoint, const WorkloadPlan& plan,
            RequestFactory& requests);

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const override;
  // Throws RunFailed where the service closes a connection.
  bool turn() override;

  // One request beside the load, on the first connection. `answer_to` is called from turn().
  void ask(ClientRequest request, AnswerTo answer_to);
  [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }

  // From now on, to the end of the window.
  void begin(const Window& window);
  void shorten(SteadyTime until);

  // Sent within the window or before, and not answered.
  [[nodiscard]] std::uint64_t open() const { return tally_.open(); }
  [[nodiscard]] const OutcomeTally& tally() const { return tally_; }
  // The two kinds apart.
  [[nodiscard]] const OutcomeTally& invokes() const { return invokes_; }
  [[nodiscard]] const OutcomeTally& queries() const { return queries_; }
  [[nodiscard]] Schedule schedule() const { return arrivals_ ? arrivals_->schedule() : Schedule(); }
  // Why operations failed: the first message of each kind.
  [[nodiscard]] const std::map<std::string, std::string>& examples() const { return examples_; }

  [[nodiscard]] std::uint64_t bytes_sent() const { return connections_.bytes_sent(); }
  [[nodiscard]] std::uint64_t bytes_received() const { return connections_.bytes_received(); }

 private:
  // Room for one request. Its number is in the correlation id, and its client follows from it.
  struct Slot {
    SteadyTime intended;
    std::uint32_t round = 1;  // One further with each answer, so that a second one is noticed.
    bool is_query = false;
  };

  void receive_one(const Connections::Received& received);
  void on_answer(SteadyTime now);
  // Arrivals that are due, those first that have waited for room. True: there is more to send now.
  bool send_due(SteadyTime now);
  void look_for_lost_connections(SteadyTime now);
  void send(std::uint32_t slot, SteadyTime intended, SteadyTime now);

  const WorkloadPlan plan_;
  RequestFactory& requests_;
  Connections connections_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  OutcomeTally tally_;
  OutcomeTally invokes_;
  OutcomeTally queries_;
  std::map<std::string, std::string> examples_;

  std::optional<ArrivalQueue> arrivals_;     // Open loop.
  SteadyTime next_look_;                     // For connections that were lost.
  std::map<std::uint64_t, AnswerTo> asked_;  // By correlation id.
  std::uint64_t next_question_;
  ClientRequest request_;  // Used again, to spare their memory.
  ClientResponse response_;
};

}  // namespace ccbus::load
