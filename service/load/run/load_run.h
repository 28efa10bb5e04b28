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
#include "service/load/run/trend_samples.h"
#include "zmq.hpp"

namespace ccbus::load {

// One run. execute() performs its steps in order. Destroying the object ends everything that it
// started, including the dealer processes. Throws RunFailed and std::exception.
class LoadRun {
 public:
  // `service` was started for this run; nullptr if `options` give the address of another one.
  // `service`, `options`, `interrupt` and `observer` must outlive this object.
  LoadRun(const WorkloadPlan& plan, const RunOptions& options, EmbeddedService* service,
          Interrupt& interrupt, RunObserver& observer);

  [[nodiscard]] LoadResult execute();

 private:
  // Sampled at the beginning and at the end of the measured time.
  struct Mark {
    ProcessSample service;
    ProcessSample chaincode;
    ProcessSample generator;
    MachineSample machine;
    std::optional<StatusResponse> status;  // Set when the response arrives, a little later.
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
  // Ends the dealers. If one does not end properly, that becomes a discrepancy of the result.
  void stop();

  [[nodiscard]] const OutcomeTally& tally() const;
  [[nodiscard]] std::uint64_t open() const;
  [[nodiscard]] std::string chaincode_endpoint() const;
  [[nodiscard]] StatusResponse status();
  [[nodiscard]] ClientResponse call(ClientRequest request, const std::string& what);

  // Runs the loop until `is_done` returns true. Throws RunFailed if there is no progress for
  // RunOptions::patience, or if it is interrupted before anything was measured.
  void wait_for(const std::string& what, const std::function<bool()>& is_done,
                const std::function<Progress()>& progress);
  void take_turn(SteadyTime until, const std::function<Progress()>& progress);
  [[nodiscard]] Progress progress(Phase phase, std::uint64_t done, std::uint64_t total) const;

  const WorkloadPlan plan_;
  const RunOptions& options_;
  EmbeddedService* const service_;
  Interrupt& interrupt_;
  RunObserver& observer_;
  SteadyTime next_look_;  // When the observer is called next.
  LoadResult result_;

  zmq::context_t context_;
  std::optional<RequestFactory> requests_;
  std::optional<Generator> generator_;
  std::optional<ConnectionChurn> churn_;
  std::optional<DealerPool> dealers_;
  std::optional<Turns> turns_;

  std::string client_endpoint_;
  curve::Keys keys_;
  StatusResponse before_;
  StatusResponse after_;
  bool is_shared_ = false;  // Other clients used the service during the run.
  Window window_{};
  Mark from_;
  Mark until_;
  std::optional<TrendSamples> trend_samples_;  // While it measures, and after.
  std::optional<DealerPool::Report> report_;
};

}  // namespace ccbus::load
