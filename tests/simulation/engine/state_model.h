#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"
#include "service/ledger/commit/channel_ledger.h"
#include "tests/simulation/engine/findings.h"

namespace ccbus::simulation {

// One key of the state; of private data if it names a collection.
struct StateKey {
  std::string ns;
  std::string collection;
  std::string key;
  auto operator<=>(const StateKey&) const = default;
};

// What a transaction has read and written, as its chaincodes know it from the wire.
struct Footprint {
  struct Range {
    std::string ns;
    std::string start;
    std::string end;
    std::vector<std::pair<std::string, std::string>> found;  // In order.
    bool is_exhausted = false;
  };

  PeerId runner;  // The chaincode that was invoked; 0: none was sent it.
  std::vector<std::pair<StateKey, std::string>> reads;  // The value; empty: there is no such key.
  std::vector<Range> ranges;
  std::map<StateKey, std::string> writes;  // Empty: deleted.
  std::set<StateKey> uncertain;            // Of writes that were answered with an error.
  std::optional<protos::ChaincodeEvent> event;
  bool has_ended = false;     // The runner has sent COMPLETED,
  bool is_completed = false;  // and had no request open.
};

// The committed blocks of all channels, applied to a map: what the ledger has to have. A
// transaction may be valid only if all that it has read is still so when its turn comes, which is
// what "serializable" means. It lives on over crashes, unlike the service.
class StateModel {
 public:
  explicit StateModel(Findings& findings) : findings_(findings) {}

  // The footprint of a transaction, to be filled while it runs.
  [[nodiscard]] Footprint& footprint(const TxKey& key) { return footprints_[key]; }
  // A chaincode was told this value. Every value is written once, so an invented one shows.
  void told(const ChannelId& channel, const StateKey& key, const std::string& value);

  // A block was committed, or was found in the ledger after a failure.
  void apply(const ledger::BlockCommitted& block);

  // The ledger was opened again: it has every block that was committed, at most one more, and the
  // state of them.
  void compare(const ledger::ChannelLedger& ledger);

  struct Outcome {
    protos::TxValidationCode code = protos::NOT_VALIDATED;
    std::uint64_t block = 0;
  };
  // Of the first block that has the transaction; nullopt if none has.
  [[nodiscard]] std::optional<Outcome> outcome(const TxKey& key) const;
  [[nodiscard]] std::uint64_t height(const ChannelId& channel) const;
  // The events of the valid transactions of one block, in order.
  [[nodiscard]] std::vector<protos::ChaincodeEvent> events(const ChannelId& channel,
                                                           std::uint64_t block) const;
  [[nodiscard]] std::uint64_t valid() const { return valid_; }
  [[nodiscard]] std::uint64_t invalid() const { return invalid_; }

 private:
  struct Channel {
    std::uint64_t height = 0;
    std::map<StateKey, std::string> state;
    std::map<std::string, Outcome> outcomes;                  // By transaction id.
    std::vector<std::vector<protos::ChaincodeEvent>> events;  // By block.
    std::map<StateKey, std::set<std::string>> ever;           // Values that were written.
    std::set<StateKey> unknown;  // Keys of which the wire does not tell what they are.
  };

  void apply(Channel& channel, const TxKey& key, const std::string& chaincode);
  void check_reads(const Channel& channel, const TxKey& key, const Footprint& footprint);
  void check_range(const Channel& channel, const TxKey& key, const Footprint::Range& range);
  [[nodiscard]] bool take_missing_block(const ChannelId& id, const ledger::ChannelLedger& ledger);

  Findings& findings_;
  std::map<ChannelId, Channel> channels_;
  std::map<TxKey, Footprint> footprints_;
  std::uint64_t valid_ = 0;
  std::uint64_t invalid_ = 0;
};

}  // namespace ccbus::simulation
