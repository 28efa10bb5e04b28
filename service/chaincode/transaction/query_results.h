#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// The results of one query, one at a time, encoded as they are sent (queryresult.KV or
// KeyModification).
//
// Thread: the bus thread or a worker, one at a time. While a worker makes an answer the bus thread
//         only calls cancel() and examined().
class QueryResults {
 public:
  virtual ~QueryResults() = default;

  // Returns the next result; nullopt at the end. Not called again after the end or an error.
  [[nodiscard]] virtual Result<std::optional<std::string>> next() = 0;

  // Returns the position at which a later page continues; "" at the end. Called once, after the
  // last result of a page.
  [[nodiscard]] virtual Result<std::string> bookmark() = 0;

  // A hint: about `count` more results will be asked for now.
  virtual void expect(std::size_t count) { static_cast<void>(count); }

  // Whether a single next() may take too long for the bus thread.
  [[nodiscard]] virtual bool is_slow() const { return false; }

  // Adds the results that were returned to the transaction's read set. Bus thread.
  virtual void record_reads(ledger::TxSimulator& simulator) { static_cast<void>(simulator); }

  // The results are no longer needed; next() should fail soon. Any thread.
  virtual void cancel() {}

  // The number of documents examined so far. Any thread.
  [[nodiscard]] virtual std::uint64_t examined() const { return 0; }

  // Advice about the query for the log, such as a missing index; may be empty. Not called while
  // next() runs.
  [[nodiscard]] virtual std::string advice() const { return {}; }
};

}  // namespace ccbus::chaincode
