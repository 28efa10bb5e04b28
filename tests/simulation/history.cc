#include "tests/simulation/history.h"

#include <algorithm>

namespace ccbus::test {
namespace {

std::string describe(const Operation& operation) {
  constexpr std::array kNames = {"get",          "hash",  "put",  "purge",  "get metadata",
                                 "put metadata", "range", "page", "history"};
  std::string text = kNames[static_cast<std::size_t>(operation.act)];
  text += operation.chaincode == 0 ? " one" : " two";
  if (operation.is_elsewhere) text += " elsewhere";
  if (!operation.collection.empty()) text += " " + operation.collection;
  text += " '" + operation.key + "'";
  const bool is_range = operation.act == Act::kRange || operation.act == Act::kPage;
  if (is_range || operation.act == Act::kPut || operation.act == Act::kPutMetadata) {
    text += " '" + operation.text + "'";
  }
  if (is_range) text += " " + std::to_string(operation.count);
  return text;
}

std::vector<int> ending_in(const History& history, int round, int channel) {
  std::vector<int> txs;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].ends == round && history[i].channel == channel) {
      txs.push_back(static_cast<int>(i));
    }
  }
  std::ranges::stable_sort(txs, {},
                           [&](int tx) { return history[static_cast<std::size_t>(tx)].place; });
  return txs;
}

// Draws with a few chances in a hundred.
class Dice {
 public:
  explicit Dice(std::mt19937& random) : random_(random) {}

  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool in_hundred(int chances) { return below(100) < chances; }
  template <std::size_t Size>
  std::string one_of(const std::array<std::string_view, Size>& all) {
    return std::string(all[static_cast<std::size_t>(below(static_cast<int>(Size)))]);
  }

 private:
  std::mt19937& random_;
};

// Readers ask what only a transaction that writes nothing may ask; now and then one writes.
Act random_act(Dice& dice, bool is_reader) {
  constexpr std::array kReads = {Act::kGet, Act::kRange, Act::kPage, Act::kGetMetadata,
                                 Act::kHistory};
  constexpr std::array kAny = {Act::kGet,   Act::kGet,   Act::kGetMetadata,
                               Act::kRange, Act::kRange, Act::kPut,
                               Act::kPut,   Act::kPut,   Act::kPutMetadata};
  return is_reader && !dice.in_hundred(10)
             ? kReads[static_cast<std::size_t>(dice.below(static_cast<int>(kReads.size())))]
             : kAny[static_cast<std::size_t>(dice.below(static_cast<int>(kAny.size())))];
}

Operation random_operation(Dice& dice, bool is_reader) {
  Operation made;
  made.act = random_act(dice, is_reader);
  made.chaincode = dice.in_hundred(20) ? 1 : 0;
  made.is_elsewhere = dice.in_hundred(5);
  made.key = dice.one_of(kKeys);
  if (made.act != Act::kPage && made.act != Act::kHistory && dice.in_hundred(35)) {
    made.collection = dice.one_of(kCollections);
    if (made.act == Act::kGet && dice.in_hundred(30)) made.act = Act::kHash;
    if (made.act == Act::kPut && dice.in_hundred(10)) made.act = Act::kPurge;
    // A range of private data makes a reader of its transaction.
    if (made.act == Act::kRange && !is_reader && dice.in_hundred(80)) made.collection.clear();
  }
  if (made.act == Act::kPut && !dice.in_hundred(20)) {
    made.text = "v" + std::to_string(dice.below(1000));
  }
  if (made.act == Act::kPutMetadata && !dice.in_hundred(20)) {
    made.text = "m" + std::to_string(dice.below(1000));
  }
  if (made.act == Act::kRange || made.act == Act::kPage) {
    if (dice.in_hundred(60)) made.key.clear();
    if (dice.in_hundred(40)) made.text = dice.one_of(kKeys);
    made.count = dice.below(5);
  }
  return made;
}

}  // namespace

std::vector<Line> play(const History& history, World& world) {
  std::vector<Line> lines;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (history[i].begins != round) continue;
      const int tx = static_cast<int>(i);
      world.begin(tx, history[i]);
      for (const Operation& operation : history[i].operations) {
        lines.push_back({"transaction " + std::to_string(tx) + ": " + describe(operation),
                         world.act(tx, operation)});
      }
    }
    for (const int channel : {0, 1}) {
      const std::vector<int> txs = ending_in(history, round, channel);
      if (txs.empty()) continue;
      const std::vector<int> codes = world.commit(channel, txs);
      for (std::size_t i = 0; i < txs.size(); ++i) {
        lines.push_back(
            {"code of transaction " + std::to_string(txs[i]), std::to_string(codes[i])});
      }
      lines.push_back(
          {"channel " + std::to_string(channel) + " after round " + std::to_string(round),
           world.dump(channel)});
    }
  }
  return lines;
}

History random_history(std::mt19937& random) {
  Dice dice(random);
  History history(static_cast<std::size_t>(4 + dice.below(8)));
  for (Transaction& transaction : history) {
    transaction.channel = dice.in_hundred(15) ? 1 : 0;
    transaction.begins = dice.below(kRounds);
    transaction.ends = std::min(kRounds - 1, transaction.begins + dice.below(3));
    transaction.place = dice.below(100);
    transaction.loses_private_data = dice.in_hundred(15);
    const bool is_reader = dice.in_hundred(20);
    transaction.operations.resize(static_cast<std::size_t>(2 + dice.below(5)));
    for (Operation& operation : transaction.operations) {
      operation = random_operation(dice, is_reader);
    }
  }
  return history;
}

History shortest(History failing, const std::function<bool(const History&)>& fails) {
  const auto try_without = [&](auto& list, std::size_t at) {
    auto left_out = list[at];
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    if (fails(failing)) return true;
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), std::move(left_out));
    return false;
  };
  for (bool is_shorter = true; is_shorter;) {
    is_shorter = false;
    for (std::size_t tx = failing.size(); tx-- > 0;) {
      if (try_without(failing, tx)) {
        is_shorter = true;
        continue;
      }
      for (std::size_t at = failing[tx].operations.size(); at-- > 0;) {
        if (try_without(failing[tx].operations, at)) is_shorter = true;
      }
    }
  }
  return failing;
}

std::string describe(const History& history) {
  std::string text;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Transaction& transaction = history[i];
    text += "transaction " + std::to_string(i) + " on channel " +
            std::to_string(transaction.channel) + ", begins in round " +
            std::to_string(transaction.begins) + ", is committed in round " +
            std::to_string(transaction.ends) + " at place " + std::to_string(transaction.place) +
            (transaction.loses_private_data ? ", loses its private data" : "") + "\n";
    for (const Operation& operation : transaction.operations) {
      text += "  " + describe(operation) + "\n";
    }
  }
  return text;
}

}  // namespace ccbus::test
