#include "tests/simulation/engine/state_model.h"

#include <utility>

#include "service/ledger/block/block_contents.h"
#include "service/ledger/block/lifecycle_namespace.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::simulation {
namespace {

std::string text(const TxKey& key) {
  return "transaction " + key.tx.value.substr(0, 8) + " of channel " + key.channel.value;
}

std::string text(const StateKey& key) {
  return key.ns + "/" + key.collection + "/" + key.key;
}

std::string shown(const std::string& value) {
  return value.empty() ? "nothing" : value.substr(0, 40);
}

}  // namespace

void StateModel::told(const ChannelId& channel, const StateKey& key, const std::string& value) {
  if (value.empty()) return;
  const Channel& known = channels_[channel];
  const auto at = known.ever.find(key);
  if (at != known.ever.end() && at->second.contains(value)) return;
  if (known.unknown.contains(key)) return;
  findings_.add("a chaincode was told a value of " + text(key) +
                " that was never committed: " + shown(value));
}

void StateModel::apply(const ledger::BlockCommitted& block) {
  Channel& channel = channels_[block.channel];
  if (block.number != channel.height) {
    findings_.add("block " + std::to_string(block.number) + " of channel " + block.channel.value +
                  " follows a height of " + std::to_string(channel.height));
    return;
  }
  channel.events.emplace_back();
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    const TxKey key{block.channel, transaction.tx_id};
    const bool is_new =
        channel.outcomes.emplace(key.tx.value, Outcome{transaction.code, block.number}).second;
    if (transaction.code != protos::VALID) {
      ++invalid_;
      continue;
    }
    ++valid_;
    if (!is_new) findings_.add(text(key) + " was committed twice");
    apply(channel, key, transaction.kind.chaincode_name);
  }
  ++channel.height;
}

// The gateway itself makes the definition of a chaincode.
void StateModel::apply(Channel& channel, const TxKey& key, const std::string& chaincode) {
  if (chaincode == ledger::kLifecycleNamespace) return;
  const auto at = footprints_.find(key);
  if (at == footprints_.end()) return findings_.add(text(key) + " is valid, but nobody ran it");
  const Footprint& footprint = at->second;
  if (!footprint.is_completed) {
    findings_.add(
        text(key) +
        " is valid, but its chaincode has not completed it, or while it had a request open");
  }
  check_reads(channel, key, footprint);
  for (const auto& [written, value] : footprint.writes) {
    if (value.empty()) {
      channel.state.erase(written);
    } else {
      channel.state[written] = value;
      channel.ever[written].insert(value);
    }
  }
  channel.unknown.insert(footprint.uncertain.begin(), footprint.uncertain.end());
  if (footprint.event) channel.events.back().push_back(*footprint.event);
}

void StateModel::check_reads(const Channel& channel, const TxKey& key, const Footprint& footprint) {
  for (const auto& [read, value] : footprint.reads) {
    if (channel.unknown.contains(read)) continue;
    const auto at = channel.state.find(read);
    const std::string now = at == channel.state.end() ? "" : at->second;
    if (now == value) continue;
    findings_.add(text(key) + " is valid, but has read " + shown(value) + " of " + text(read) +
                  ", which is " + shown(now) + " when its turn comes");
  }
  for (const Footprint::Range& range : footprint.ranges) check_range(channel, key, range);
}

// Up to its end, or up to the last key that the chaincode has seen.
void StateModel::check_range(const Channel& channel, const TxKey& key,
                             const Footprint::Range& range) {
  std::vector<std::pair<std::string, std::string>> now;
  for (auto at = channel.state.lower_bound({range.ns, "", range.start});
       at != channel.state.end() && at->first.ns == range.ns && at->first.collection.empty();
       ++at) {
    if (!range.end.empty() && at->first.key >= range.end) break;
    if (!range.is_exhausted && now.size() == range.found.size()) break;
    now.emplace_back(at->first.key, at->second);
  }
  const auto unknown = channel.unknown.lower_bound({range.ns, "", ""});
  const bool is_unknown = unknown != channel.unknown.end() && unknown->ns == range.ns;
  if (now == range.found || is_unknown) return;
  findings_.add(text(key) + " is valid, but its range of " + range.ns + " from '" + range.start +
                "' had " + std::to_string(range.found.size()) +
                " results that are others when its turn comes: a phantom");
}

void StateModel::compare(const ledger::ChannelLedger& ledger) {
  const ChannelId& id = ledger.channel();
  Channel& channel = channels_[id];
  const std::uint64_t height = ledger.height();
  if (height < channel.height) {
    findings_.add("channel " + id.value + " was opened with height " + std::to_string(height) +
                  ", but height " + std::to_string(channel.height) + " was reported");
    return;
  }
  if (height > channel.height + 1 ||
      (height == channel.height + 1 && !take_missing_block(id, ledger))) {
    findings_.add("channel " + id.value + " has blocks that nobody made");
    return;
  }
  for (const auto& [tx, outcome] : channel.outcomes) {
    const auto record = ledger.transaction(TxId{tx});
    if (record && *record && (*record)->code == outcome.code &&
        (*record)->block_num == outcome.block) {
      continue;
    }
    findings_.add(text(TxKey{id, {tx}}) + " was reported as " + std::to_string(outcome.code) +
                  " of block " + std::to_string(outcome.block) +
                  ", and the ledger does not say so after it was opened again");
  }
  const auto view = ledger.snapshot();
  for (const auto& [key, history] : channel.ever) {
    if (channel.unknown.contains(key)) continue;
    const std::string ns =
        key.collection.empty() ? key.ns : ledger::private_namespace(key.ns, key.collection);
    const auto found = view->get(ns, key.key);
    const auto expected = channel.state.find(key);
    const bool is_there = expected != channel.state.end();
    if (!found) {
      findings_.add(text(key) + " cannot be read: " + found.error().message);
    } else if (found->has_value() != is_there ||
               (is_there && (*found)->value != expected->second)) {
      findings_.add(text(key) + " of channel " + id.value + " is " +
                    shown(*found ? (*found)->value : "") + " and should be " +
                    shown(is_there ? expected->second : ""));
    }
  }
}

// The block of a commit that failed, and of which the service died before it could look.
bool StateModel::take_missing_block(const ChannelId& id, const ledger::ChannelLedger& ledger) {
  const std::uint64_t number = ledger.height() - 1;
  const auto block = ledger.block(number);
  if (!block || !*block) return false;
  ledger::BlockCommitted committed;
  committed.channel = id;
  committed.number = number;
  for (const ledger::BlockTransaction& transaction : ledger::block_contents(**block)) {
    committed.transactions.emplace_back();
    committed.transactions.back().tx_id = transaction.tx_id;
    committed.transactions.back().code = transaction.code;
    committed.transactions.back().kind.chaincode_name = transaction.chaincode_name;
  }
  apply(committed);
  return true;
}

std::optional<StateModel::Outcome> StateModel::outcome(const TxKey& key) const {
  const auto channel = channels_.find(key.channel);
  if (channel == channels_.end()) return std::nullopt;
  const auto at = channel->second.outcomes.find(key.tx.value);
  if (at == channel->second.outcomes.end()) return std::nullopt;
  return at->second;
}

std::uint64_t StateModel::height(const ChannelId& channel) const {
  const auto at = channels_.find(channel);
  return at == channels_.end() ? 0 : at->second.height;
}

std::vector<protos::ChaincodeEvent> StateModel::events(const ChannelId& channel,
                                                       std::uint64_t block) const {
  const auto at = channels_.find(channel);
  if (at == channels_.end() || block >= at->second.events.size()) return {};
  return at->second.events[block];
}

}  // namespace ccbus::simulation
