#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/result.h"
#include "service/load/plan/argument_template.h"
#include "service/load/plan/key_chooser.h"
#include "service/load/plan/workload_arguments.h"
#include "service/load/plan/workload_plan.h"

namespace ccbus::load {

// Makes a run's requests, one after the other, as its plan says. The same seed makes the same ones.
class RequestFactory {
 public:
  // `run` tells the new keys of this run from those of others. Errors: kInvalid, for a template.
  [[nodiscard]] static Result<RequestFactory> make(const WorkloadPlan& plan, std::string run);

  // Fills in the next request, but for its correlation id. True: it is a query, or for handler mode
  // an evaluate that holds its transaction open.
  bool next(ClientRequest& request);

  // What writes the keys before the run, for one channel after the other; empty where none is read.
  [[nodiscard]] std::vector<ClientRequest> setup() const;

 private:
  RequestFactory(const WorkloadPlan& plan, std::string run, ArgumentTemplate arguments);

  [[nodiscard]] bool next_is_query();
  void write_arguments(bool is_query, Invocation& invocation);
  [[nodiscard]] RunTask run_task(bool is_query);
  [[nodiscard]] HoldTask hold_task();

  const WorkloadPlan plan_;
  const std::vector<std::string> channels_;
  const ArgumentTemplate template_;
  KeyChooser keys_;
  std::mt19937_64 random_;
  std::string payload_;
  std::uint64_t made_ = 0;
};

}  // namespace ccbus::load
