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
#include "service/load/run/request_signer.h"

namespace ccbus::load {

// The clients of a run: sends the plan's requests on its connections and counts the responses.
//
// With an identity each request is signed; a submit is then an endorse and a submit, which count as
// one.
//
// In a closed loop each response starts the next request. In an open loop requests begin at their
// scheduled time; one that finds no free slot waits here, and its latency counts from that time.
class Generator final : public EventSource {
 public:
  using AnswerTo = std::function<void(const ClientResponse&)>;

  // Connects. `context` and `requests` must outlive this object. Throws RunFailed if the endpoint
  // is invalid.
  Generator(zmq::context_t& context, const std::string& endpoint, const curve::Keys& keys,
            const WorkloadPlan& plan, RequestFactory& requests,
            const std::optional<client::Identity>& identity = {});

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const override;
  // Throws RunFailed if the service has closed a connection.
  bool turn() override;

  // Sends one request that is not part of the load, on the first connection. turn() calls
  // `answer_to` with its response.
  void ask(ClientRequest request, AnswerTo answer_to);
  [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }

  // Sends requests from now on to the end of the window.
  void begin(const Window& window);
  void shorten(SteadyTime until);

  // Requests of the load that were sent and have not been answered.
  [[nodiscard]] std::uint64_t open() const { return tally_.open(); }
  [[nodiscard]] const OutcomeTally& tally() const { return tally_; }
  // The same for submits and for evaluates alone.
  [[nodiscard]] const OutcomeTally& invokes() const { return invokes_; }
  [[nodiscard]] const OutcomeTally& queries() const { return queries_; }
  // Submits that followed an endorse of the load: the service has counted both.
  [[nodiscard]] std::uint64_t continued() const { return continued_; }
  [[nodiscard]] Schedule schedule() const { return arrivals_ ? arrivals_->schedule() : Schedule(); }
  // Why operations failed: the first message of each kind of failure.
  [[nodiscard]] const std::map<std::string, std::string>& examples() const { return examples_; }

  [[nodiscard]] std::uint64_t bytes_sent() const { return connections_.bytes_sent(); }
  [[nodiscard]] std::uint64_t bytes_received() const { return connections_.bytes_received(); }

 private:
  // A slot for one open request. The correlation id holds the slot's number, which also determines
  // the connection.
  struct Slot {
    SteadyTime intended;
    std::uint32_t round = 1;  // Raised with each response, so that a second one is detected.
    bool is_query = false;
  };

  void receive_one(const Connections::Received& received);
  // Whether the response is the first half of a submit; then the other one is sent.
  bool goes_on(std::uint32_t connection);
  void on_answer(SteadyTime now);
  // Sends the requests that are due, oldest first. Returns true if more can be sent at once.
  bool send_due(SteadyTime now);
  void check_connections(SteadyTime now);
  void send(std::uint32_t slot, SteadyTime intended, SteadyTime now);

  const WorkloadPlan plan_;
  RequestFactory& requests_;
  const std::optional<RequestSigner> signer_;
  Connections connections_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  OutcomeTally tally_;
  OutcomeTally invokes_;
  OutcomeTally queries_;
  std::map<std::string, std::string> examples_;
  std::uint64_t continued_ = 0;

  std::optional<ArrivalQueue> arrivals_;     // Open loop.
  SteadyTime next_check_;                    // When to check for lost connections.
  std::map<std::uint64_t, AnswerTo> asked_;  // By correlation id.
  std::uint64_t next_question_;
  ClientRequest request_;  // Reused, to avoid allocations.
  ClientResponse response_;
};

}  // namespace ccbus::load
