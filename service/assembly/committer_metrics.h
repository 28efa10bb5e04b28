#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/ids.h"
#include "service/ledger/state/storage_metrics.h"
#include "service/metrics/histogram.h"

namespace ccbus {

// How many transactions of one kind had one outcome. The texts are Prometheus labels.
struct TransactionsCounted {
  std::string type;       // The name of a common::HeaderType, or "unknown".
  std::string chaincode;  // Or "unknown".
  std::string validation_code;
  std::uint64_t count = 0;
};

// A log that several services share, at one moment.
struct LogMetrics {
  std::string fault;                 // Why it is out of reach; empty if it is not.
  std::string not_durable;           // What could make it lose entries; empty: nothing.
  std::uint64_t position = 0;        // Of the last entry that made a block.
  std::optional<std::uint64_t> end;  // Of its last entry; nullopt: not known yet.
  std::uint64_t appended_again = 0;
  std::vector<std::pair<std::string, std::uint64_t>> passed_over;  // Entries, by the reason.
};

// One channel and its committer at one moment.
struct CommitterMetrics {
  ChannelId channel;
  std::uint64_t height = 0;
  std::size_t waiting = 0;        // Envelopes that are in no block yet.
  bool failed = false;            // A commit failed; nothing is committed any more.
  std::string halted;             // Why its log is read no further; empty if it is.
  std::optional<LogMetrics> log;  // nullopt: it is embedded.
  std::string closed;             // Why the ledger is closed for the moment; empty if it is open.
  // For how long the current block has been committed; nullopt between blocks.
  std::optional<std::chrono::nanoseconds> committing;
  HistogramSnapshot block;  // Seconds, all stages.
  HistogramSnapshot validate;
  HistogramSnapshot prepare;
  HistogramSnapshot write;
  HistogramSnapshot fill;           // Of the transactions that a block may have.
  HistogramSnapshot fill_duration;  // Seconds from a block's first transaction to its cut.
  std::vector<TransactionsCounted> transactions;
  ledger::StorageMetrics storage;
};

}  // namespace ccbus
