#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "service/base/ordered_batch.h"
#include "service/ledger/state/store.h"
#include "tests/determinism/log_file.h"

namespace ccbus::determinism {

// What a machine could do that makes its ledger another one. The test has to find each.
enum class Mutation { kNone, kSkip, kOrder, kPosition, kPrivateData, kClock };

[[nodiscard]] inline Mutation mutation_of(const std::string& name) {
  if (name.empty()) return Mutation::kNone;
  if (name == "skip") return Mutation::kSkip;
  if (name == "order") return Mutation::kOrder;
  if (name == "position") return Mutation::kPosition;
  if (name == "private-data") return Mutation::kPrivateData;
  if (name == "clock") return Mutation::kClock;
  throw std::runtime_error("no such mutation: " + name);
}

// Of the last batch with more than two transactions; of private data, those of all.
inline void mutate(Mutation mutation, bool is_chosen, OrderedBatch& batch) {
  if (mutation == Mutation::kPrivateData) {
    for (OrderedEnvelope& each : batch.envelopes) each.private_data.clear();
  }
  if (!is_chosen) return;
  if (mutation == Mutation::kSkip) batch.envelopes.pop_back();
  if (mutation == Mutation::kOrder) std::swap(batch.envelopes[0], batch.envelopes[1]);
}

// Writes the time of the clock behind one value of the history.
inline void mix_clock_in(const std::string& directory) {
  ledger::Store::Options options;
  options.directory = directory;
  const auto store = must(ledger::Store::open(options));
  const std::string key = must(store->last_key(ledger::Family::kHistory)).value();
  const std::string value = must(store->get(ledger::Family::kHistory, key)).value();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  rocksdb::WriteBatch batch;
  batch.Put(store->family(ledger::Family::kHistory), key,
            value + std::to_string(now.time_since_epoch().count()));
  must(store->write_synced(batch));
}

}  // namespace ccbus::determinism
