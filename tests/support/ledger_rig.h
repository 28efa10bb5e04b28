#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/simulate/simulator.h"
#include "service/ledger/state/store.h"

namespace ccbus::test {

// A transaction that is being simulated. Its id is derived from its name.
struct Simulation {
  std::string name;
  std::unique_ptr<ledger::TxSimulator> sim;

  ledger::TxSimulator* operator->() const { return sim.get(); }
};

// A channel on a disk in memory, with short functions for tests. All keys are in the namespace
// "basic".
class LedgerRig {
 public:
  LedgerRig();
  explicit LedgerRig(ledger::ChannelLedger::Options options);

  // Close the ledger, and open it again on the same disk.
  void close() { ledger_.reset(); }
  [[nodiscard]] Result<void> open();
  [[nodiscard]] bool is_closed() const { return ledger_ == nullptr; }

  [[nodiscard]] ledger::ChannelLedger& ledger() { return *ledger_; }
  [[nodiscard]] rocksdb::Env* env() { return options_.env; }
  [[nodiscard]] const ledger::ChannelLedger::Options& options() const { return options_; }

  [[nodiscard]] Simulation begin(const std::string& name);

  // Ends simulations and makes a block of them, in this order.
  std::vector<protos::TxValidationCode> commit(const std::vector<Simulation*>& simulations);
  std::vector<protos::TxValidationCode> commit(Simulation& only) { return commit({&only}); }
  std::vector<protos::TxValidationCode> commit_envelopes(std::vector<OrderedEnvelope> batch);
  // The log's next batch.
  [[nodiscard]] OrderedBatch next_batch(std::vector<OrderedEnvelope> envelopes) const;
  [[nodiscard]] OrderedEnvelope envelope(Simulation& simulation);

  // Commits one block with one transaction that writes these pairs; an empty value deletes the key.
  void write(const std::vector<std::pair<std::string, std::string>>& pairs);

  // Commits one block that defines the chaincode "basic" with these collections, given by name and
  // blocks to live.
  void define(const std::vector<std::pair<std::string, std::uint64_t>>& collections);

  // Closes the ledger and changes one entry of its database. The change gets the present value, if
  // there is one, and returns the new value, or nullopt to delete the entry.
  using Change = std::function<std::optional<std::string>(std::optional<std::string>)>;
  void tamper(ledger::Family family, const std::string& key, const Change& change);

  [[nodiscard]] std::optional<std::string> value_of(const std::string& key);
  [[nodiscard]] std::optional<ledger::Version> version_of(const std::string& key);

 private:
  std::unique_ptr<rocksdb::Env> memory_;
  ledger::ChannelLedger::Options options_;
  std::unique_ptr<ledger::ChannelLedger> ledger_;
  int writes_ = 0;
};

inline constexpr const char* kNs = "basic";
inline const ChannelId kChannel{"ch1"};

// The keys that a range has yet to return.
[[nodiscard]] std::vector<std::string> keys_of(ledger::RangeIterator& range);

}  // namespace ccbus::test
