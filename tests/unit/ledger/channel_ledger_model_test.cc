#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "service/ledger/channel_ledger.h"
#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

// The reference: every state there ever was, as plain maps, and transactions checked by running
// their reads again.
struct Model {
  struct Cell {
    std::string value;
    Version version;
    bool operator==(const Cell&) const = default;
  };
  using State = std::map<std::string, Cell>;

  struct Transaction {
    State seen;  // The state that it reads.
    std::vector<std::string> gets;
    struct Range {
      std::string start, end;
      int limit;
    };
    std::vector<Range> ranges;
    std::map<std::string, std::string> writes;
  };

  State state;
  std::set<std::string> touched;  // By this block's valid transactions, absent keys deleted too.

  void begin_block() { touched.clear(); }

  static std::optional<Version> get(const State& in, const std::string& key) {
    const auto found = in.find(key);
    if (found == in.end()) return std::nullopt;
    return found->second.version;
  }

  // What a range gives up to where it was read: `limit` results, or its end.
  static std::vector<std::pair<std::string, Version>> scan(const State& in,
                                                           const Transaction::Range& range,
                                                           const std::string& last) {
    std::vector<std::pair<std::string, Version>> out;
    for (const auto& [key, cell] : in) {
      const bool inside = key >= range.start && (range.end.empty() || key < range.end);
      if (inside && (last.empty() || key <= last)) out.emplace_back(key, cell.version);
    }
    return out;
  }

  // The last key that the transaction read of a range; empty if it read to the end.
  static std::string last_read(const Transaction& tx, const Transaction::Range& range) {
    const auto whole = scan(tx.seen, range, "");
    return static_cast<int>(whole.size()) < range.limit ? "" : whole.at(range.limit - 1).first;
  }

  protos::TxValidationCode commit(const Transaction& tx, const Version& version) {
    for (const std::string& key : tx.gets) {
      if (touched.count(key) != 0 || get(tx.seen, key) != get(state, key)) {
        return protos::MVCC_READ_CONFLICT;
      }
    }
    for (const Transaction::Range& range : tx.ranges) {
      const std::string last = last_read(tx, range);
      if (scan(tx.seen, range, last) != scan(state, range, last)) {
        return protos::PHANTOM_READ_CONFLICT;
      }
    }
    for (const auto& [key, value] : tx.writes) {
      touched.insert(key);
      if (value.empty()) {
        state.erase(key);
      } else {
        state[key] = {value, version};
      }
    }
    return protos::VALID;
  }
};

// Plays one random history on the ledger and on the model.
class History {
 public:
  History(LedgerRig& rig, std::mt19937& random, const std::string& name)
      : rig_(rig), random_(random), name_(name) {}

  void run() {
    for (int block = 0; block < 4; ++block) {
      begin(1 + pick(4));
      if (pick(3) != 0) commit_some();
    }
    while (!open_.empty()) commit_some();
    check_state();
  }

 private:
  struct Open {
    Simulation simulation;
    Model::Transaction model;
  };

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  // Of few keys, so that transactions meet.
  std::string key() { return name_ + "/" + static_cast<char>('a' + pick(6)); }

  void begin(int count) {
    for (int i = 0; i < count; ++i) {
      Open tx{rig_.begin(name_ + "-" + std::to_string(started_++)), {}};
      tx.model.seen = model_.state;
      const int steps = 1 + pick(4);
      for (int step = 0; step < steps; ++step) act(tx);
      open_.push_back(std::move(tx));
    }
  }

  void act(Open& tx) {
    switch (pick(4)) {
      case 0: {
        const std::string read = key();
        const auto value = tx.simulation->get_state(kNs, read);
        REQUIRE(value);
        const auto expected = tx.model.seen.find(read);
        REQUIRE(value->has_value() == (expected != tx.model.seen.end()));
        if (*value) REQUIRE(**value == expected->second.value);
        tx.model.gets.push_back(read);
        break;
      }
      case 1: scan(tx); break;
      default: {
        const std::string written = key();
        const std::string value = pick(4) == 0 ? "" : std::to_string(random_());
        REQUIRE(tx.simulation->set_state(kNs, written, value));
        tx.model.writes[written] = value;
      }
    }
  }

  void scan(Open& tx) {
    Model::Transaction::Range range{key(), pick(2) == 0 ? name_ + "0" : key(), 1 + pick(5)};
    auto iterator = tx.simulation->get_state_range(kNs, range.start, range.end);
    REQUIRE(iterator);
    const auto expected = Model::scan(tx.model.seen, range, "");
    for (int i = 0; i < range.limit; ++i) {
      const auto entry = (*iterator)->next();
      REQUIRE(entry);
      REQUIRE(entry->has_value() == (i < static_cast<int>(expected.size())));
      if (!*entry) break;
      REQUIRE((*entry)->key == expected[i].first);
      REQUIRE((*entry)->version == expected[i].second);
    }
    tx.model.ranges.push_back(range);
  }

  // Some of the open transactions, in any order, in one block.
  void commit_some() {
    std::shuffle(open_.begin(), open_.end(), random_);
    const auto count = static_cast<std::size_t>(1 + pick(static_cast<int>(open_.size())));
    std::vector<Simulation*> batch;
    std::vector<protos::TxValidationCode> expected;
    const std::uint64_t number = rig_.ledger().height();
    model_.begin_block();
    for (std::size_t i = 0; i < count; ++i) {
      batch.push_back(&open_[i].simulation);
      expected.push_back(model_.commit(open_[i].model, Version{number, i}));
    }
    REQUIRE(rig_.commit(batch) == expected);
    open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  void check_state() {
    auto cursor = rig_.ledger().snapshot()->range(kNs, name_ + "/", name_ + "0");
    REQUIRE(cursor);
    Model::State found;
    for (auto entry = (*cursor)->next(); *entry; entry = (*cursor)->next()) {
      found[std::string((*entry)->key)] = {std::string((*entry)->value), (*entry)->version};
    }
    REQUIRE(found == model_.state);
  }

  LedgerRig& rig_;
  std::mt19937& random_;
  std::string name_;
  Model model_;
  std::vector<Open> open_;
  int started_ = 0;
};

}  // namespace

TEST_CASE("random histories of concurrent transactions end as the reference says", "[ledger]") {
  const std::uint32_t seed = std::random_device{}();
  std::mt19937 random(seed);
  LedgerRig rig;
  for (int i = 0; i < 2'000; ++i) {
    INFO("seed " << seed << ", history " << i);
    History(rig, random, "h" + std::to_string(i)).run();
  }
}
