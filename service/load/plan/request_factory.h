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

// Makes the requests of a run according to its plan, one after the other. The same seed gives the
// same requests.
class RequestFactory {
 public:
  // `run` is a prefix of this run's new keys. Errors: kInvalid, if the plan's arguments are not a
  // valid template.
  [[nodiscard]] static Result<RequestFactory> make(const WorkloadPlan& plan, std::string run);

  // Fills in the next request except its correlation id. Returns true if it is an evaluate: a
  // query, or in handler mode a request that holds its transaction open.
  bool next(ClientRequest& request);

  // Returns the requests that write the keys before the run, channel by channel; empty if the plan
  // needs no keys.
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
