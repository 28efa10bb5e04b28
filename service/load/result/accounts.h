#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

// Two answers to a Status around a run, when nothing of it was under way, and how many invocations
// this side has sent between them. Whoever only looks meanwhile, as this side does, changes nothing
// that is compared.
struct Ledgers {
  StatusResponse before;
  StatusResponse after;
  std::uint64_t own_invocations = 0;
};

// What does not add up: a run's own counts, and the service's against them. `invokes` are the run's
// submits, `round_trips` the requests of its dealers. Pure.
//
// Where others invoked something meanwhile, the service's counters say nothing; `is_shared` tells.
struct Accounts {
  std::vector<std::string> discrepancies;
  bool is_shared = false;
};
[[nodiscard]] Accounts check_accounts(const Ledgers& ledgers, const Totals& operations,
                                      const Totals& invokes, const Totals& round_trips);

// A counter's growth between two answers; 0 where the service does not know it.
[[nodiscard]] std::uint64_t growth(const StatusResponse& from, const StatusResponse& until,
                                   const std::string& counter);

}  // namespace ccbus::load
