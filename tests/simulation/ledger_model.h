#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/ledger/block/version.h"
#include "tests/simulation/history.h"

namespace ccbus::test {

// What the reference gets wrong on purpose, to see that somebody notices.
enum class Mistake { kNone, kPhantomsPass, kDeletesAreForgotten, kPrivateDataLiveOn };

// The reference: two channels as maps of what is there, and transactions that are checked by
// looking again.
class LedgerModel final : public World {
 public:
  // The channels have so many blocks already.
  LedgerModel(std::array<std::uint64_t, 2> heights, Mistake mistake)
      : heights_(heights), mistake_(mistake) {}

  void begin(int tx, const Transaction& transaction) override;
  std::string act(int tx, const Operation& operation) override;
  std::vector<int> commit(int channel, const std::vector<int>& txs) override;
  std::string dump(int channel) override;

 private:
  struct Key {
    int chaincode;
    std::string collection;
    std::string key;
    auto operator<=>(const Key&) const = default;
  };
  struct Cell {
    std::optional<std::string> value;  // Nothing: it was lost on its way.
    std::string hash;
    std::string metadata;
    ledger::Version version;
  };
  struct Channel {
    std::map<Key, Cell> state;
    std::map<Key, std::string> changes;  // Of public keys, newest first.
  };
  using Found = std::vector<std::pair<std::string, ledger::Version>>;
  struct Range {
    int chaincode;
    std::string start, end;
    bool is_exhausted;
    Found found;
  };
  struct Running {
    int channel;
    bool loses_private_data;
    Channel seen;
    std::map<Key, std::optional<ledger::Version>> reads;
    std::vector<Range> ranges;
    std::map<Key, std::string> writes;    // Empty: delete.
    std::map<Key, std::string> metadata;  // Empty: none.
    bool has_written = false, has_queried_private = false, has_paged = false;
  };

  Running start(int channel) const { return {channel, false, channels_[channel], {}, {}, {}, {}}; }
  static std::string act(Running& running, const Operation& operation);
  static std::string write(Running& running, std::map<Key, std::string>& writes, const Key& key,
                           const std::string& text);
  static std::string range(Running& running, const Operation& operation);
  int validate(const Running& running, const std::set<Key>& touched) const;
  void apply(const Running& running, const ledger::Version& version, std::set<Key>& touched);

  std::array<std::uint64_t, 2> heights_;
  const Mistake mistake_;
  std::array<Channel, 2> channels_;
  std::map<int, Running> running_;
};

}  // namespace ccbus::test
