#include "service/ledger/commit/channel_ledger.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stop_token>
#include <thread>

#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;
using namespace std::string_literals;
using Codes = std::vector<protos::TxValidationCode>;
using Keys = std::vector<std::string>;

namespace {

constexpr auto kValid = protos::VALID;
constexpr auto kConflict = protos::MVCC_READ_CONFLICT;
constexpr auto kPhantom = protos::PHANTOM_READ_CONFLICT;

// Reads `count` results of a range and leaves the rest alone.
void read_some(Simulation& tx, const std::string& start, const std::string& end, int count) {
  auto range = tx->get_state_range(kNs, start, end);
  REQUIRE(range);
  for (int i = 0; i < count; ++i) REQUIRE((*range)->next()->has_value());
}

void read_all(Simulation& tx, const std::string& start, const std::string& end) {
  auto range = tx->get_state_range(kNs, start, end);
  REQUIRE(range);
  REQUIRE_FALSE(keys_of(**range).empty());
}

std::string decimal(int number) {
  const std::string digits = std::to_string(number);
  return std::string(5 - digits.size(), '0') + digits;
}

}  // namespace

TEST_CASE("a transaction is invalid once what it read has changed", "[ledger][row-128]") {
  LedgerRig rig;
  rig.write({{"key1", "a"}, {"key2", "a"}, {"key3", "a"}});
  Simulation tx2 = rig.begin("tx2"), tx3 = rig.begin("tx3"), tx4 = rig.begin("tx4"),
             tx5 = rig.begin("tx5"), tx6 = rig.begin("tx6");
  REQUIRE(tx2->set_state(kNs, "key1", "b"));
  REQUIRE(tx2->delete_state(kNs, "key2"));
  REQUIRE(tx3->get_state(kNs, "key1"));
  REQUIRE(tx3->set_state(kNs, "key1", "c"));
  REQUIRE(tx4->get_state(kNs, "key2"));
  REQUIRE(tx4->delete_state(kNs, "key2"));
  REQUIRE(tx5->set_state(kNs, "key1", "d"));
  REQUIRE(tx5->get_state(kNs, "key1"));
  REQUIRE(tx6->set_state(kNs, "key4", "e"));
  CHECK(rig.commit(tx2) == Codes{kValid});
  CHECK(rig.commit({&tx3, &tx4, &tx5, &tx6}) == Codes{kConflict, kConflict, kConflict, kValid});
  CHECK(rig.value_of("key1") == "b");
  CHECK_FALSE(rig.value_of("key2"));
  CHECK(rig.version_of("key4") == Version{2, 3});
}

TEST_CASE("a range is a phantom once a key of it has gone", "[ledger][row-129]") {
  LedgerRig rig;
  rig.write(
      {{"key1", "a"}, {"key2", "a"}, {"key3", "a"}, {"key4", "a"}, {"key5", "a"}, {"key6", "a"}});
  Simulation tx2 = rig.begin("tx2"), tx3 = rig.begin("tx3"), tx4 = rig.begin("tx4");
  read_all(tx2, "key2", "key5");
  REQUIRE(tx2->delete_state(kNs, "key3"));
  read_all(tx3, "key2", "key5");
  read_all(tx4, "key4", "key6");
  CHECK(rig.commit({&tx2, &tx3, &tx4}) == Codes{kValid, kPhantom, kValid});
}

TEST_CASE("only what was read of a range counts", "[ledger][row-133]") {
  LedgerRig rig;
  rig.write({{"key1", "a"}, {"key2", "a"}, {"key3", "a"}, {"key4", "a"}, {"key5", "a"}});
  Simulation tx2 = rig.begin("tx2"), tx3 = rig.begin("tx3"), tx4 = rig.begin("tx4");
  read_some(tx2, "key1", "key5", 2);
  read_some(tx3, "key4", "key6", 2);
  REQUIRE(tx4->delete_state(kNs, "key5"));
  CHECK(rig.commit(tx4) == Codes{kValid});
  CHECK(rig.commit({&tx3, &tx2}) == Codes{kPhantom, kValid});
}

TEST_CASE("keys may be deleted under the cursor", "[ledger][row-134]") {
  LedgerRig rig;
  rig.write({{"key1", "a"}, {"key2", "a"}, {"key3", "a"}, {"key4", "a"}});
  Simulation tx = rig.begin("tx");
  {
    auto range = tx->get_state_range(kNs, "key1", "key5");
    while (auto entry = *(*range)->next()) REQUIRE(tx->delete_state(kNs, entry->key));
  }
  CHECK(rig.commit(tx) == Codes{kValid});
  auto left = rig.ledger().snapshot()->range(kNs, "", "");
  CHECK_FALSE((*left)->next()->has_value());
}

TEST_CASE("a read loses to an earlier write of the same block, blind writes never do",
          "[ledger][row-137]") {
  LedgerRig rig;
  rig.write({{"k", "a"}});
  Simulation a = rig.begin("a"), b = rig.begin("b"), c = rig.begin("c"), d = rig.begin("d");
  REQUIRE(a->get_state(kNs, "k"));
  REQUIRE(a->set_state(kNs, "k", "of a"));
  REQUIRE(b->get_state(kNs, "k"));
  REQUIRE(b->set_state(kNs, "k", "of b"));
  REQUIRE(c->set_state(kNs, "k", "of c"));
  REQUIRE(d->set_state(kNs, "k", "of d"));
  CHECK(rig.commit({&a, &b, &c, &d}) == Codes{kValid, kConflict, kValid, kValid});
  CHECK(rig.value_of("k") == "of d");
  CHECK(rig.version_of("k") == Version{1, 3});
}

TEST_CASE("a conflict is reported with the key and both versions", "[ledger]") {
  LedgerRig rig;
  rig.write({{"k", "a"}});
  Simulation late = rig.begin("late");
  REQUIRE(late->get_state(kNs, "k"));
  REQUIRE(late->set_state(kNs, "k", "b"));
  rig.write({{"k", "c"}});
  const auto committed = rig.ledger().commit(rig.next_batch({rig.envelope(late)}));
  REQUIRE(committed);
  CHECK(committed->channel == kChannel);
  CHECK(committed->number == 2);
  const CommittedTransaction& transaction = committed->transactions.at(0);
  CHECK(transaction.tx_id == tx_id_of("late"));
  REQUIRE(transaction.conflict);
  CHECK(transaction.conflict->key == "k");
  CHECK(transaction.conflict->read == Version{0, 0});
  CHECK(transaction.conflict->committed == Version{1, 0});
}

TEST_CASE("a view keeps showing the height at which it was taken", "[ledger]") {
  LedgerRig rig;
  CHECK(rig.ledger().snapshot()->height() == 0);
  rig.write({{"k", "a"}});
  const auto view = rig.ledger().snapshot();
  rig.write({{"k", "b"}, {"l", "b"}});
  CHECK(view->height() == 1);
  CHECK((*view->get(kNs, "k"))->value == "a");
  CHECK_FALSE(view->get(kNs, "l")->has_value());
  CHECK(rig.ledger().height() == 2);
  CHECK(rig.ledger().snapshot() == rig.ledger().snapshot());
  rig.close();
  CHECK((*view->get(kNs, "k"))->value == "a");
}

TEST_CASE("the position of the last batch is kept with its block", "[ledger]") {
  LedgerRig rig;
  CHECK(rig.ledger().position() == LogPosition{0});
  rig.write({{"k", "a"}});
  CHECK(rig.ledger().position() == LogPosition{1});
  Simulation tx = rig.begin("tx");
  OrderedBatch batch = rig.next_batch({rig.envelope(tx)});
  batch.position = {40};  // A log may have entries that make no block.
  batch.log_state = "of the log";
  REQUIRE(rig.ledger().commit(std::move(batch)));
  CHECK(rig.ledger().position() == LogPosition{40});
  CHECK(rig.ledger().log_state() == "of the log");
  rig.close();
  REQUIRE(rig.open());
  CHECK(rig.ledger().height() == 2);
  CHECK(rig.ledger().position() == LogPosition{40});
}

TEST_CASE("a ledger without a position has that of its height", "[ledger]") {
  LedgerRig rig;
  rig.write({{"k", "a"}});
  rig.write({{"k", "b"}});
  rig.tamper(Family::kMeta, "end", [](const auto& end) {
    REQUIRE(end);
    CHECK(end->substr(40) == std::string("\0\0\0\0\0\0\0\2", 8));
    return end->substr(0, 40);
  });
  REQUIRE(rig.open());
  CHECK(rig.ledger().position() == LogPosition{2});
}

TEST_CASE("a transaction id is used up by its first block, valid or not", "[ledger]") {
  LedgerRig rig;
  rig.write({{"k", "a"}});
  Simulation loser = rig.begin("loser");
  REQUIRE(loser->get_state(kNs, "k"));
  rig.write({{"k", "b"}});
  const OrderedEnvelope envelope = rig.envelope(loser);
  CHECK(rig.commit_envelopes({envelope}) == Codes{kConflict});
  CHECK(rig.commit_envelopes({envelope}) == Codes{protos::DUPLICATE_TXID});
  CHECK(*rig.ledger().has_transaction(tx_id_of("loser")));
  CHECK_FALSE(*rig.ledger().has_transaction(tx_id_of("unheard of")));
  const auto record = rig.ledger().transaction(tx_id_of("loser"));
  REQUIRE(record);
  CHECK((*record)->block_num == 2);
  CHECK((*record)->code == kConflict);
}

TEST_CASE("of two transactions with one id in one block the first counts", "[ledger]") {
  LedgerRig rig;
  Simulation first = rig.begin("same"), second = rig.begin("same"), other = rig.begin("other");
  REQUIRE(first->set_state(kNs, "k", "first"));
  REQUIRE(second->set_state(kNs, "k", "second"));
  CHECK(rig.commit({&other, &first, &second}) == Codes{kValid, kValid, protos::DUPLICATE_TXID});
  CHECK(rig.value_of("k") == "first");
  CHECK((*rig.ledger().transaction(tx_id_of("same")))->tx_num == 1);
}

TEST_CASE(
    "a broken transaction does not keep a sound one of its block from its writes, and is "
    "the one on record",
    "[ledger]") {
  LedgerRig rig;
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->set_state(kNs, "k", "v"));
  TransactionParts broken(kChannel, "tx", {});
  broken.actions = 0;
  CHECK(rig.commit_envelopes({broken.envelope(), rig.envelope(tx)}) ==
        Codes{protos::INVALID_ENDORSER_TRANSACTION, kValid});
  CHECK(rig.value_of("k") == "v");
  auto record = rig.ledger().transaction(tx_id_of("tx"));
  CHECK((*record)->tx_num == 0);
  CHECK((*record)->code == protos::INVALID_ENDORSER_TRANSACTION);
  rig.commit_envelopes({broken.envelope()});
  record = rig.ledger().transaction(tx_id_of("tx"));
  CHECK((*record)->block_num == 0);
}

TEST_CASE("a broken transaction does not take the record of the one before it", "[ledger]") {
  LedgerRig rig;
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->set_state(kNs, "k", "v"));
  TransactionParts broken(kChannel, "tx", {});
  broken.actions = 0;
  CHECK(rig.commit_envelopes({rig.envelope(tx), broken.envelope()}) ==
        Codes{kValid, protos::INVALID_ENDORSER_TRANSACTION});
  const auto record = rig.ledger().transaction(tx_id_of("tx"));
  CHECK((*record)->tx_num == 0);
  CHECK((*record)->code == kValid);
}

TEST_CASE("unreadable envelopes stay in the block with their codes", "[ledger]") {
  LedgerRig rig;
  Simulation tx = rig.begin("sound");
  REQUIRE(tx->set_state(kNs, "k", "v"));
  const auto committed = rig.ledger().commit(rig.next_batch(
      {{TxId{"a"}, ""}, {TxId{"b"}, "\xff\xff"}, rig.envelope(tx), {TxId{"c"}, "\n\x02\xff\xff"}}));
  REQUIRE(committed);
  CHECK(committed->transactions[0].tx_id == TxId{"a"});
  CHECK(committed->transactions[0].code == protos::NIL_ENVELOPE);
  CHECK(committed->transactions[1].code == protos::NIL_ENVELOPE);
  CHECK(committed->transactions[2].code == kValid);
  CHECK(committed->transactions[3].code == protos::BAD_PAYLOAD);
  CHECK(rig.version_of("k") == Version{0, 2});
  const auto block = rig.ledger().block(0);
  REQUIRE(block);
  CHECK((*block)->data().data(1) == "\xff\xff");
  CHECK((*block)->metadata().metadata(common::TRANSACTIONS_FILTER) == "\1\1\0\2"s);
  CHECK_FALSE(*rig.ledger().has_transaction(TxId{"a"}));
}

TEST_CASE("keys may be empty and hold NULs, and each stands for itself", "[ledger]") {
  LedgerRig rig;
  const Keys keys = {"", "\0"s, "\0\0"s, "\0a\0b\0"s, "a", "a\0"s, "a\0b"s, "b"};
  Simulation tx = rig.begin("tx");
  for (const std::string& key : keys) REQUIRE(tx->set_state(kNs, key, "v" + key));
  REQUIRE(tx->set_state("basi", "ckey", "of another namespace"));
  REQUIRE(tx->set_state("basic\0"s, "key", "of another namespace"));
  REQUIRE(rig.commit(tx) == Codes{kValid});
  for (const std::string& key : keys) CHECK(rig.value_of(key) == "v" + key);
  Simulation scan = rig.begin("scan");
  {
    auto all = scan->get_state_range(kNs, "", "");
    CHECK(keys_of(**all) == keys);
    auto composite = scan->get_state_range(kNs, "\0"s, "\1");
    CHECK(keys_of(**composite) == Keys{"\0"s, "\0\0"s, "\0a\0b\0"s});
  }
  CHECK(rig.commit(scan) == Codes{kValid});
}

TEST_CASE("a range of ten thousand keys is read, validated, and a phantom in it is found",
          "[ledger]") {
  LedgerRig rig;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 10'000; ++i) pairs.emplace_back(decimal(i), "value");
  rig.write(pairs);
  Simulation whole = rig.begin("whole"), late = rig.begin("late");
  for (Simulation* tx : {&whole, &late}) {
    auto range = (*tx)->get_state_range(kNs, "", "");
    CHECK(keys_of(**range).size() == 10'000);
  }
  CHECK(rig.commit(whole) == Codes{kValid});
  rig.write({{decimal(7'000), "changed"}});
  CHECK(rig.commit(late) == Codes{kPhantom});
}

TEST_CASE("a reader sees whole blocks while the committer writes", "[ledger]") {
  LedgerRig rig;
  rig.write({{"a", "0"}, {"b", "0"}});
  std::atomic<bool> saw_half = false;
  {
    const std::jthread reader([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto view = rig.ledger().snapshot();
        if ((*view->get(kNs, "a"))->value != (*view->get(kNs, "b"))->value) saw_half = true;
      }
    });
    for (int i = 1; i <= 100; ++i) {
      rig.write({{"a", std::to_string(i)}, {"b", std::to_string(i)}});
    }
  }
  CHECK_FALSE(saw_half);
  CHECK(rig.value_of("a") == "100");
}
