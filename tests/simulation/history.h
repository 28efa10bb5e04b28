#pragma once

#include <array>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ccbus::test {

// What concurrent transactions on two channels do, as plain data: it can be played on the ledger
// and on a model of it, and made shorter.

enum class Act { kGet, kHash, kPut, kPurge, kGetMetadata, kPutMetadata, kRange, kPage, kHistory };

struct Operation {
  Act act = Act::kGet;
  int chaincode = 0;          // The second is called by the first, and shares its transaction.
  bool is_elsewhere = false;  // It is called on the other channel.
  std::string collection;     // Empty: public state.
  std::string key;            // Of a range: its start.
  std::string text;           // Value or metadata, empty: delete; of a range: its end.
  int count = 0;              // Of a range: results asked for; of a page: its size, 0: no cap.
};

// Rounds go by: in each, transactions begin and do what they do, and then others are committed.
struct Transaction {
  int channel = 0;
  int begins = 0;                   // The round in which it reads, before that round's blocks.
  int ends = 0;                     // The round whose block it is in.
  int place = 0;                    // In that block.
  bool loses_private_data = false;  // On the way to the committer.
  std::vector<Operation> operations;
};

using History = std::vector<Transaction>;

inline constexpr int kRounds = 5;
inline constexpr std::array<std::string_view, 3> kKeys = {"a", "b", "c"};
inline constexpr std::array<std::string_view, 2> kCollections = {
    "brief", "lasting"};  // The first lives for a block.

// Something that histories are played on.
class World {
 public:
  virtual ~World() = default;
  virtual void begin(int tx, const Transaction& transaction) = 0;
  // What the transaction sees, as text.
  virtual std::string act(int tx, const Operation& operation) = 0;
  // The validation codes of a block, by its transactions.
  virtual std::vector<int> commit(int channel, const std::vector<int>& txs) = 0;
  // All state and all histories of keys.
  virtual std::string dump(int channel) = 0;
};

// One line of a play: what happened, and what came of it.
struct Line {
  std::string what;
  std::string outcome;
};

[[nodiscard]] std::vector<Line> play(const History& history, World& world);

[[nodiscard]] History random_history(std::mt19937& random);

// Leaves out transactions and operations for as long as `fails` holds.
[[nodiscard]] History shortest(History failing, const std::function<bool(const History&)>& fails);

[[nodiscard]] std::string describe(const History& history);

}  // namespace ccbus::test
