#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// The results of one query, one at a time, each encoded as the wire wants it (queryresult.KV or
// KeyModification).
//
// Thread: the bus thread; where is_slow(), next() and bookmark() run on a worker instead, and the
//         bus thread calls nothing but cancel() and examined() meanwhile.
class QueryResults {
 public:
  virtual ~QueryResults() = default;

  // The next result; nullopt at the end. Not called again after the end or an error.
  [[nodiscard]] virtual Result<std::optional<std::string>> next() = 0;

  // Where a later page goes on; "" at the end. Called once, after the last result of a page.
  [[nodiscard]] virtual Result<std::string> bookmark() = 0;

  // About `count` more results will be asked for now.
  virtual void expect(std::size_t count) { static_cast<void>(count); }

  // Whether next() may take too long for the bus thread.
  [[nodiscard]] virtual bool is_slow() const { return false; }

  // What was handed out joins the transaction's read set. Bus thread.
  virtual void record_reads(ledger::TxSimulator& simulator) { static_cast<void>(simulator); }

  // The results are not needed any more: next() should fail soon. Any thread.
  virtual void cancel() {}

  // Documents looked at so far. Any thread.
  [[nodiscard]] virtual std::uint64_t examined() const { return 0; }

  // What a person should know about the query, for the log; may be empty. Between two calls of
  // next().
  [[nodiscard]] virtual std::string advice() const { return {}; }
};

}  // namespace ccbus::chaincode
