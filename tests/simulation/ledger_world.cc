#include "tests/simulation/ledger_world.h"

#include <stdexcept>
#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::test {
namespace {

using ledger::TxSimulator;
using ledger::Version;

constexpr int kHistoriesPerDefinition = 100;

// Fabric's texts begin with the transaction's id, which is the world's own.
std::string words_of(const Error& error) {
  constexpr std::string_view kMark = "unsuppored transaction. ";
  const auto at = error.message.find(kMark);
  return at == std::string::npos ? error.message : error.message.substr(at + kMark.size());
}

std::string shown(const Result<std::optional<std::string>>& value) {
  return value ? value->value_or("-") : words_of(value.error());
}

std::string shown(const Result<void>& done) {
  return done ? "ok" : words_of(done.error());
}

std::string shown(const Result<ledger::Metadata>& metadata) {
  if (!metadata) return words_of(metadata.error());
  return metadata->empty() ? "" : metadata->at("m");
}

std::string text(const Version& version) {
  return "{BlockNum: " + std::to_string(version.block_num) +
         ", TxNum: " + std::to_string(version.tx_num) + "}";
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::string changes_of(ledger::HistoryCursor& cursor) {
  std::string all;
  while (auto change = must(cursor.next())) {
    queryresult::KeyModification modification;
    modification.ParseFromString(*change);
    all += "'" + modification.value() + "' ";
  }
  return all;
}

}  // namespace

std::array<std::uint64_t, 2> LedgerWorld::clear() {
  running_.clear();
  if (++history_ == defined_) define_chaincodes();
  return {rigs_[0].ledger().height(), rigs_[1].ledger().height()};
}

std::string LedgerWorld::ns(int chaincode) const {
  return "h" + std::to_string(history_) + (chaincode == 0 ? "one" : "two");
}

// Those of many histories in one block.
void LedgerWorld::define_chaincodes() {
  for (LedgerRig& rig : rigs_) {
    Simulation tx = rig.begin("define-" + std::to_string(defined_));
    const int first = history_;
    for (int i = 0; i < kHistoriesPerDefinition; ++i, ++history_) {
      for (const int chaincode : {0, 1}) {
        ccbus::ChaincodeDefinition definition;
        definition.set_name(ns(chaincode));
        for (const std::string_view name : kCollections) {
          ccbus::CollectionConfig& collection = *definition.add_collections();
          collection.set_name(std::string(name));
          collection.set_block_to_live(name == kCollections[0] ? 1 : 0);
        }
        if (!tx->set_state(ledger::kLifecycleNamespace, ns(chaincode),
                           definition.SerializeAsString())) {
          throw std::runtime_error("a definition cannot be written");
        }
      }
    }
    history_ = first;
    if (rig.commit(tx).front() != protos::VALID) throw std::runtime_error("no definitions");
  }
  defined_ += kHistoriesPerDefinition;
}

void LedgerWorld::begin(int tx, const Transaction& transaction) {
  const std::string name = ns(0) + std::to_string(tx);
  running_.emplace(tx, Running{transaction.channel, transaction.loses_private_data,
                               rigs_[static_cast<std::size_t>(transaction.channel)].begin(name)});
}

std::string LedgerWorld::act(int tx, const Operation& operation) {
  const Running& own = running_.at(tx);
  if (!operation.is_elsewhere) return act(*own.simulation.sim, operation);
  TxSimulator call(rigs_[static_cast<std::size_t>(1 - own.channel)].ledger().snapshot(),
                   TxId{own.simulation.name});
  return act(call, operation);
}

std::string LedgerWorld::act(TxSimulator& simulator, const Operation& operation) const {
  const std::string name = ns(operation.chaincode);
  const std::string& collection = operation.collection;
  const bool is_public = collection.empty();
  switch (operation.act) {
    case Act::kGet:
      return shown(is_public ? simulator.get_state(name, operation.key)
                             : simulator.get_private_data(name, collection, operation.key));
    case Act::kHash: {
      const auto hash = simulator.get_private_data_hash(name, collection, operation.key);
      return hash && *hash ? to_hex(**hash) : shown(hash);
    }
    case Act::kPut:
      return shown(
          is_public ? simulator.set_state(name, operation.key, operation.text)
                    : simulator.set_private_data(name, collection, operation.key, operation.text));
    case Act::kPurge: return shown(simulator.purge_private_data(name, collection, operation.key));
    case Act::kGetMetadata:
      return shown(is_public
                       ? simulator.get_state_metadata(name, operation.key)
                       : simulator.get_private_data_metadata(name, collection, operation.key));
    case Act::kPutMetadata: {
      ledger::Metadata metadata;
      if (!operation.text.empty()) metadata["m"] = operation.text;
      return shown(is_public
                       ? simulator.set_state_metadata(name, operation.key, std::move(metadata))
                       : simulator.set_private_data_metadata(name, collection, operation.key,
                                                             std::move(metadata)));
    }
    case Act::kHistory: return changes_of(*must(simulator.get_history(name, operation.key)));
    case Act::kRange:
    case Act::kPage: return range(simulator, operation);
  }
  return "";
}

// A page is read to its end, of other ranges so many results.
std::string LedgerWorld::range(TxSimulator& simulator, const Operation& operation) const {
  const std::string name = ns(operation.chaincode);
  const bool is_page = operation.act == Act::kPage;
  auto opened = is_page
                    ? simulator.get_state_range_page(name, operation.key, operation.text,
                                                     static_cast<std::uint32_t>(operation.count))
                : operation.collection.empty()
                    ? simulator.get_state_range(name, operation.key, operation.text)
                    : simulator.get_private_data_range(name, operation.collection, operation.key,
                                                       operation.text);
  if (!opened) return words_of(opened.error());
  std::string seen;
  const bool has_end = operation.count > 0 || !is_page;
  for (int i = 0; !has_end || i < operation.count; ++i) {
    const auto entry = must((*opened)->next());
    if (!entry) {
      seen += "end";
      break;
    }
    seen += entry->key + "=" + entry->value + " ";
  }
  if (is_page) seen += "|" + must((*opened)->bookmark());
  return seen;
}

std::vector<int> LedgerWorld::commit(int channel, const std::vector<int>& txs) {
  LedgerRig& rig = rigs_[static_cast<std::size_t>(channel)];
  std::vector<OrderedEnvelope> batch;
  for (const int tx : txs) {
    Running& running = running_.at(tx);
    batch.push_back(rig.envelope(running.simulation));
    if (running.loses_private_data) batch.back().private_data.clear();
  }
  const auto codes = rig.commit_envelopes(std::move(batch));
  return {codes.begin(), codes.end()};
}

std::string LedgerWorld::dump(int channel) {
  std::string all;
  std::string histories;
  const auto view = rigs_[static_cast<std::size_t>(channel)].ledger().snapshot();
  for (const int chaincode : {0, 1}) {
    const auto cursor = must(view->range(ns(chaincode), "", ""));
    while (const auto entry = must(cursor->next())) {
      const ledger::VersionedValue stored{"", std::string(entry->metadata), entry->version};
      all += std::to_string(chaincode) + "//" + std::string(entry->key) + "=" +
             std::string(entry->value) + "{" + shown(ledger::metadata_of(stored)) + "}" +
             text(entry->version) + "\n";
    }
    for (const std::string_view collection : kCollections) {
      all += dump_collection(channel, chaincode, std::string(collection));
    }
    for (const std::string_view key : kKeys) {
      const std::string changes = changes_of(*must(view->history(ns(chaincode), key)));
      if (changes.empty()) continue;
      histories += std::to_string(chaincode) + "/" + std::string(key) + " was " + changes + "\n";
    }
  }
  return all + histories;
}

std::string LedgerWorld::dump_collection(int channel, int chaincode,
                                         const std::string& collection) {
  std::string all;
  const auto view = rigs_[static_cast<std::size_t>(channel)].ledger().snapshot();
  for (const std::string_view key : kKeys) {
    const auto hash =
        must(view->get(ledger::hash_namespace(ns(chaincode), collection), sha256({key})));
    const auto value = must(view->get(ledger::private_namespace(ns(chaincode), collection), key));
    if (!hash && !value) continue;
    all += std::to_string(chaincode) + "/" + collection + "/" + std::string(key) + "=";
    all += value ? value->value : "?";
    if (!hash ||
        (value && (value->version != hash->version || sha256({value->value}) != hash->value))) {
      all += " without its hash\n";
      continue;
    }
    all += "{" + shown(ledger::metadata_of(*hash)) + "}" + text(hash->version) + "\n";
  }
  return all;
}

}  // namespace ccbus::test
