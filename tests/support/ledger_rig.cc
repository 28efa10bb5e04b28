#include "tests/support/ledger_rig.h"

#include <stdexcept>
#include <type_traits>

#include "service/ledger/state/definition.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::test {
namespace {

// In a test that is not about errors, an error ends the test.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

LedgerRig::LedgerRig() : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
  options_.directory = "/ledger";
  options_.env = memory_.get();
  must(open());
}

LedgerRig::LedgerRig(ledger::ChannelLedger::Options options) : options_(std::move(options)) {
  must(open());
}

Result<void> LedgerRig::open() {
  auto opened = ledger::ChannelLedger::open(kChannel, options_);
  if (!opened) return unexpected(opened.error());
  ledger_ = std::move(*opened);
  return {};
}

Simulation LedgerRig::begin(const std::string& name) {
  return {name, std::make_unique<ledger::TxSimulator>(ledger_->snapshot(), tx_id_of(name))};
}

OrderedEnvelope LedgerRig::envelope(Simulation& simulation) {
  simulation->done();
  const ledger::SimulationResults results = must(simulation->results());
  TransactionParts parts(kChannel, simulation.name, results.public_data);
  parts.private_data = results.private_data.SerializeAsString();
  return parts.envelope();
}

std::vector<protos::TxValidationCode> LedgerRig::commit(
    const std::vector<Simulation*>& simulations) {
  std::vector<OrderedEnvelope> batch;
  for (Simulation* simulation : simulations) batch.push_back(envelope(*simulation));
  return commit_envelopes(std::move(batch));
}

std::vector<protos::TxValidationCode> LedgerRig::commit_envelopes(
    std::vector<OrderedEnvelope> batch) {
  std::vector<protos::TxValidationCode> codes;
  for (const auto& transaction : must(ledger_->commit(next_batch(std::move(batch)))).transactions) {
    codes.push_back(transaction.code);
  }
  return codes;
}

OrderedBatch LedgerRig::next_batch(std::vector<OrderedEnvelope> envelopes) const {
  return {std::move(envelopes), {ledger_->position().value + 1}};
}

void LedgerRig::write(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Simulation tx = begin("write-" + std::to_string(writes_++));
  for (const auto& [key, value] : pairs) must(tx->set_state(kNs, key, value));
  if (commit(tx).front() != protos::VALID) throw std::runtime_error("a blind write was refused");
}

void LedgerRig::define(const std::vector<std::pair<std::string, std::uint64_t>>& collections) {
  ccbus::ChaincodeDefinition definition;
  definition.set_name(kNs);
  for (const auto& [name, block_to_live] : collections) {
    ccbus::CollectionConfig& config = *definition.add_collections();
    config.set_name(name);
    config.set_block_to_live(block_to_live);
  }
  Simulation tx = begin("define-" + std::to_string(writes_++));
  must(tx->set_state(ledger::kLifecycleNamespace, kNs, definition.SerializeAsString()));
  if (commit(tx).front() != protos::VALID) throw std::runtime_error("a definition was refused");
}

void LedgerRig::tamper(ledger::Family family, const std::string& key, const Change& change) {
  close();
  const auto store = must(ledger::Store::open({options_.directory, {}, options_.env}));
  const auto changed = change(must(store->get(family, key)));
  rocksdb::WriteBatch batch;
  if (changed) {
    batch.Put(store->family(family), key, *changed);
  } else {
    batch.Delete(store->family(family), key);
  }
  must(store->write_synced(batch));
}

std::optional<std::string> LedgerRig::value_of(const std::string& key) {
  auto found = must(ledger_->snapshot()->get(kNs, key));
  if (!found) return std::nullopt;
  return std::move(found->value);
}

std::optional<ledger::Version> LedgerRig::version_of(const std::string& key) {
  return must(ledger_->snapshot()->version_of(kNs, key));
}

std::vector<std::string> keys_of(ledger::RangeIterator& range) {
  std::vector<std::string> keys;
  while (auto entry = must(range.next())) keys.push_back(entry->key);
  return keys;
}

}  // namespace ccbus::test
