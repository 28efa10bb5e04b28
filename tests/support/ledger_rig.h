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

// One transaction under way: its name makes its id.
struct Simulation {
  std::string name;
  std::unique_ptr<ledger::TxSimulator> sim;

  ledger::TxSimulator* operator->() const { return sim.get(); }
};

// A channel on a disk that is made of memory, with small verbs to tell stories on it. All keys are
// in the namespace "basic".
class LedgerRig {
 public:
  LedgerRig();
  explicit LedgerRig(ledger::ChannelLedger::Options options);

  // Closes the ledger; opens it again on the same disk.
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

  // One block with one transaction that writes these; an empty value deletes.
  void write(const std::vector<std::pair<std::string, std::string>>& pairs);

  // One block that defines the chaincode "basic" with these collections: names, and blocks to live.
  void define(const std::vector<std::pair<std::string, std::uint64_t>>& collections);

  // Closes the ledger and changes one stored entry behind its back. The change is given what
  // stands there, if anything, and gives back what shall; nothing: the entry goes.
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

// What is left of a range, key by key.
[[nodiscard]] std::vector<std::string> keys_of(ledger::RangeIterator& range);

}  // namespace ccbus::test
