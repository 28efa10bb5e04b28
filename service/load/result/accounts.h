#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

// The service's status before and after a run, both taken while none of the run's requests was
// open, and the number of invocations that the run sent in between. Requests that only read the
// service's status or ledger do not change the counters that are compared.
struct Ledgers {
  StatusResponse before;
  StatusResponse after;
  std::uint64_t own_invocations = 0;
};

// Compares the run's counts with each other and with the service's counters, and lists what does
// not add up. `invokes` are the run's submits, `round_trips` the requests of its dealers. Pure.
//
// If other clients invoked something during the run, the service's counters cannot be compared and
// `is_shared` is true.
struct Accounts {
  std::vector<std::string> discrepancies;
  bool is_shared = false;
};
[[nodiscard]] Accounts check_accounts(const Ledgers& ledgers, const Totals& operations,
                                      const Totals& invokes, const Totals& round_trips);

// Returns by how much a counter grew between two statuses; 0 if the service does not report it.
[[nodiscard]] std::uint64_t growth(const StatusResponse& from, const StatusResponse& until,
                                   const std::string& counter);

}  // namespace ccbus::load
