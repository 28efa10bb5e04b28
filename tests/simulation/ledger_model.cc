#include "tests/simulation/ledger_model.h"

#include <iterator>
#include <utility>

#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"

namespace ccbus::test {
namespace {

using ledger::Version;

std::string text(const Version& version) {
  return "{BlockNum: " + std::to_string(version.block_num) +
         ", TxNum: " + std::to_string(version.tx_num) + "}";
}

template <class Map, class Key>
auto* find(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void LedgerModel::begin(int tx, const Transaction& transaction) {
  Running& running = running_.emplace(tx, start(transaction.channel)).first->second;
  running.loses_private_data = transaction.loses_private_data;
}

// What is done on the other channel belongs to no transaction.
std::string LedgerModel::act(int tx, const Operation& operation) {
  Running& own = running_.at(tx);
  if (!operation.is_elsewhere) return act(own, operation);
  Running call = start(1 - own.channel);
  return act(call, operation);
}

std::string LedgerModel::act(Running& running, const Operation& operation) {
  const Key key{operation.chaincode, operation.collection, operation.key};
  const Cell* cell = find(running.seen.state, key);
  const auto read = [&] {
    running.reads.emplace(key, cell ? std::optional(cell->version) : std::nullopt);
  };
  switch (operation.act) {
    case Act::kGet:
      if (cell != nullptr && !cell->value) {
        return "private data matching public hash version is not available. Public hash version "
               "= " +
               text(cell->version) + ", Private data version = <nil>";
      }
      read();
      return cell != nullptr ? *cell->value : "-";
    case Act::kHash: read(); return cell != nullptr ? cell->hash : "-";
    case Act::kGetMetadata: read(); return cell != nullptr ? cell->metadata : "";
    case Act::kPut: return write(running, running.writes, key, operation.text);
    case Act::kPurge: return write(running, running.writes, key, "");
    case Act::kPutMetadata: return write(running, running.metadata, key, operation.text);
    case Act::kHistory: return running.seen.changes[key];
    case Act::kRange:
    case Act::kPage: return range(running, operation);
  }
  return "";
}

std::string LedgerModel::write(Running& running, std::map<Key, std::string>& writes, const Key& key,
                               const std::string& text) {
  if (running.has_queried_private) {
    return "Transaction has already performed queries on pvt data. Writes are not allowed";
  }
  if (running.has_paged) {
    return "Transaction has already performed a paginated query. Writes are not allowed";
  }
  running.has_written = true;
  writes[key] = text;
  return "ok";
}

std::string LedgerModel::range(Running& running, const Operation& operation) {
  const bool is_private = !operation.collection.empty();
  const bool is_page = operation.act == Act::kPage;
  if ((is_private || is_page) && running.has_written) {
    return is_private ? "Queries on pvt data is supported only in a read-only transaction"
                      : "Paginated queries are supported only in a read-only transaction";
  }
  running.has_queried_private |= is_private;
  running.has_paged |= is_page;
  const bool has_end = operation.count > 0 || !is_page;
  Range asked{operation.chaincode, operation.key, operation.text, false, {}};
  std::string seen;
  std::string bookmark;
  for (const auto& [key, cell] : running.seen.state) {
    if (key.chaincode != operation.chaincode || key.collection != operation.collection) continue;
    if (key.key < asked.start || (!asked.end.empty() && key.key >= asked.end)) continue;
    if (!cell.value) continue;
    if (has_end && static_cast<int>(asked.found.size()) == operation.count) {
      bookmark = key.key;
      break;
    }
    asked.found.emplace_back(key.key, cell.version);
    seen += key.key + "=" + *cell.value + " ";
  }
  asked.is_exhausted = !has_end || static_cast<int>(asked.found.size()) < operation.count;
  if (asked.is_exhausted) seen += "end";
  if (is_page) seen += "|" + bookmark;
  if (!is_private && (operation.count > 0 || is_page)) running.ranges.push_back(std::move(asked));
  return seen;
}

int LedgerModel::validate(const Running& running, const std::set<Key>& touched) const {
  const std::map<Key, Cell>& now = channels_[running.channel].state;
  const auto has_changed = [&](const Key& key, const std::optional<Version>& version) {
    const Cell* cell = find(now, key);
    return touched.contains(key) || version != (cell ? std::optional(cell->version) : std::nullopt);
  };
  const auto is_phantom = [&](const Range& range) {
    Found found;
    for (const auto& [key, cell] : now) {
      if (key.chaincode != range.chaincode || !key.collection.empty()) continue;
      const bool is_inside = range.is_exhausted
                                 ? range.end.empty() || key.key < range.end
                                 : !range.found.empty() && key.key <= range.found.back().first;
      if (key.key >= range.start && is_inside) found.emplace_back(key.key, cell.version);
    }
    return found != range.found;
  };
  for (const int chaincode : {0, 1}) {
    for (const bool is_private : {false, true}) {
      for (const auto& [key, version] : running.reads) {
        if (key.chaincode != chaincode || key.collection.empty() == is_private) continue;
        if (has_changed(key, version)) return protos::MVCC_READ_CONFLICT;
      }
      if (is_private || mistake_ == Mistake::kPhantomsPass) continue;
      for (const Range& range : running.ranges) {
        if (range.chaincode == chaincode && is_phantom(range)) return protos::PHANTOM_READ_CONFLICT;
      }
    }
  }
  return protos::VALID;
}

void LedgerModel::apply(const Running& running, const Version& version, std::set<Key>& touched) {
  Channel& channel = channels_[running.channel];
  for (const auto& [key, text] : running.writes) {
    touched.insert(key);
    if (key.collection.empty()) channel.changes[key].insert(0, "'" + text + "' ");
    if (!text.empty()) {
      Cell& cell = channel.state[key];  // Keeps its metadata.
      cell.value = text;
      if (!key.collection.empty() && running.loses_private_data) cell.value.reset();
      cell.hash = to_hex(sha256({text}));
      cell.version = version;
    } else if (mistake_ != Mistake::kDeletesAreForgotten) {
      channel.state.erase(key);
    }
  }
  for (const auto& [key, metadata] : running.metadata) {
    Cell* cell = find(channel.state, key);
    if (cell == nullptr) continue;
    touched.insert(key);
    cell->metadata = metadata;
    cell->version = version;
  }
}

std::vector<int> LedgerModel::commit(int channel, const std::vector<int>& txs) {
  const std::uint64_t number = heights_[channel]++;
  std::vector<int> codes;
  std::set<Key> touched;
  for (const int tx : txs) {
    const Running& running = running_.at(tx);
    codes.push_back(validate(running, touched));
    if (codes.back() == protos::VALID) apply(running, {number, codes.size() - 1}, touched);
  }
  std::erase_if(channels_[channel].state, [&](const auto& entry) {
    return entry.first.collection == kCollections[0] && mistake_ != Mistake::kPrivateDataLiveOn &&
           entry.second.version.block_num + 2 <= number;
  });
  return codes;
}

std::string LedgerModel::dump(int channel) {
  std::string all;
  for (const auto& [key, cell] : channels_[channel].state) {
    all += std::to_string(key.chaincode) + "/" + key.collection + "/" + key.key + "=" +
           cell.value.value_or("?") + "{" + cell.metadata + "}" + text(cell.version) + "\n";
  }
  for (const auto& [key, changes] : channels_[channel].changes) {
    all += std::to_string(key.chaincode) + "/" + key.key + " was " + changes + "\n";
  }
  return all;
}

}  // namespace ccbus::test
