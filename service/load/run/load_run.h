#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ccbus/client.pb.h"
#include "service/load/run/connection_churn.h"
#include "service/load/run/dealer_pool.h"
#include "service/load/run/embedded_service.h"
#include "service/load/run/generator.h"
#include "service/load/run/interrupt.h"
#include "service/load/run/process_sample.h"
#include "service/load/run/run.h"
#include "service/load/run/run_failed.h"
#include "zmq.hpp"

namespace ccbus::load {

// One run, step by step: execute() takes them in order. Everything in here ends with the object,
// the processes of dealers too. Throws RunFailed and std::exception.
class LoadRun {
 public:
  // `service`: one that was started for this run, or null, where options say which one. It, the
  // options, the interrupt and the observer outlive the run.
  LoadRun(const WorkloadPlan& plan, const RunOptions& options, EmbeddedService* service,
          Interrupt& interrupt, RunObserver& observer);

  [[nodiscard]] LoadResult execute();

 private:
  // What is looked at where the measured time begins, and where it ends.
  struct Mark {
    ProcessSample service;
    ProcessSample chaincode;
    ProcessSample generator;
    MachineSample machine;
    std::optional<StatusResponse> status;  // Comes a moment later.
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
  };

  void find_service();
  void connect();
  void make_channels();
  void start_dealers();
  void write_keys();
  void measure();
  void drain();

  void take_mark(Mark& mark);
  void end_early();

  // Fills in the result, step by step.
  void conclude();
  void conclude_operations();
  void conclude_usage();
  void conclude_accounts();
  // Ends the dealers, and says so where they do not end well.
  void stop();

  [[nodiscard]] const OutcomeTally& tally() const;
  [[nodiscard]] std::uint64_t open() const;
  [[nodiscard]] std::string chaincode_endpoint() const;
  [[nodiscard]] StatusResponse status();
  [[nodiscard]] ClientResponse call(ClientRequest request, const std::string& what);

  // Takes turns until `is_done` says so. Fails where `patience` passes without any progress, and
  // where it is interrupted before anything was measured.
  void wait_for(const std::string& what, const std::function<bool()>& is_done,
                const std::function<Progress()>& progress);
  void take_turn(SteadyTime until, const std::function<Progress()>& progress);
  [[nodiscard]] Progress progress(Phase phase, std::uint64_t done, std::uint64_t total) const;

  const WorkloadPlan plan_;
  const RunOptions& options_;
  EmbeddedService* const service_;
  Interrupt& interrupt_;
  RunObserver& observer_;
  SteadyTime next_look_;  // Of the observer.
  LoadResult result_;

  zmq::context_t context_;
  std::optional<RequestFactory> requests_;
  std::optional<Generator> generator_;
  std::optional<ConnectionChurn> churn_;
  std::optional<DealerPool> dealers_;
  std::optional<Turns> turns_;

  std::string client_endpoint_;
  StatusResponse before_;
  StatusResponse after_;
  bool is_shared_ = false;  // Others used the service.
  Window window_{};
  Mark from_;
  Mark until_;
  std::optional<DealerPool::Report> report_;
};

}  // namespace ccbus::load
