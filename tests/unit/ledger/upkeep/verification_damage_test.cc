// Every kind of damage that a verification is there to find, done to a real store.
#include <catch2/catch.hpp>

#include "service/base/fixed_int.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/state/state_encoding.h"
#include "service/ledger/upkeep/verification.h"
#include "tests/support/damageable_ledger.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

using Stored = std::optional<std::string>;
using Differences = std::vector<std::string>;

Stored gone(const Stored& stored) {
  REQUIRE(stored);
  return std::nullopt;
}

LedgerRig::Change first_byte_flipped() {
  return [](Stored stored) {
    REQUIRE(stored);
    stored->front() = static_cast<char>(stored->front() ^ 1);
    return stored;
  };
}

std::string state_key(const std::string& ns, const std::string& key) {
  return std::string(StateKey(ns, key).bytes());
}

std::string private_key(const std::string& key) {
  return state_key(private_namespace(kNs, DamageableLedger::kKept), key);
}

std::string history_key(const std::string& key, std::uint64_t block, std::uint32_t tx) {
  std::string bytes;
  append_sized(bytes, kNs);
  append_sized(bytes, key);
  append_fixed(bytes, ~block);
  append_fixed(bytes, ~tx);
  return bytes;
}

template <class Change>
LedgerRig::Change state_changed(Change&& change) {
  return [change](const Stored& stored) -> Stored {
    REQUIRE(stored);
    const auto parts = decode_state_value(*stored);
    REQUIRE(parts);
    VersionedValue value{std::string(parts->value), std::string(parts->metadata), parts->version};
    change(value);
    return encode_state_value(value);
  };
}

template <class Change>
LedgerRig::Change block_changed(Change&& change) {
  return [change](const Stored& stored) -> Stored {
    common::Block block;
    REQUIRE(stored);
    REQUIRE(block.ParseFromString(*stored));
    change(block);
    return block.SerializeAsString();
  };
}

std::string hash_of_key() {
  return to_hex(sha256({"key"}));
}
std::string in_kept() {
  return "in basic/kept, key hash " + hash_of_key();
}

}  // namespace

TEST_CASE("a damaged state entry is found, and what of it differs", "[ledger]") {
  DamageableLedger rig;
  SECTION("its value") {
    rig.tamper(Family::kState, state_key(kNs, "a"), first_byte_flipped());
    CHECK(rig.verify().differences == Differences{"state of 'basic', key 'a': its value differs"});
  }
  SECTION("its version") {
    rig.tamper(Family::kState, state_key(kNs, "a"), state_changed([](VersionedValue& value) {
                 value.version = {5, 6};
               }));
    CHECK(rig.verify().differences ==
          Differences{"state of 'basic', key 'a': its version is (5,6), rebuilt (2,0)"});
  }
  SECTION("its metadata") {
    rig.tamper(Family::kState, state_key(kNs, "b"),
               state_changed([](VersionedValue& value) { value.metadata.clear(); }));
    CHECK(rig.verify().differences ==
          Differences{"state of 'basic', key 'b': its metadata differ"});
  }
  SECTION("bytes that are none") {
    rig.tamper(Family::kState, state_key(kNs, "a"), [](const Stored&) { return "short"; });
    CHECK(rig.verify().differences ==
          Differences{"state of 'basic', key 'a': it cannot be decoded"});
  }
  SECTION("it is missing") {
    rig.tamper(Family::kState, state_key(kNs, "b"), gone);
    CHECK(rig.verify().differences == Differences{"state of 'basic', key 'b': it is missing"});
  }
  SECTION("there is one too many") {
    rig.tamper(Family::kState, state_key(kNs, std::string("ex\0tra'", 7)), [](const Stored&) {
      return encode_state_value({"value", "", {1, 0}});
    });
    CHECK(rig.verify().differences ==
          Differences{"state of 'basic', key 'ex\\x00tra\\x27': no block makes it"});
  }
  SECTION("a hash") {
    rig.tamper(Family::kState, state_key(hash_namespace(kNs, "kept"), sha256({"key"})),
               first_byte_flipped());
    CHECK(rig.verify().differences == Differences{"hash " + in_kept() + ": its value differs"});
  }
}

TEST_CASE("damage at both ends of the state is found in one go", "[ledger]") {
  DamageableLedger rig;
  rig.tamper(Family::kState, "", [](const Stored&) { return "value"; });
  rig.tamper(Family::kState, "\xff", [](const Stored&) { return "value"; });
  rig.tamper(Family::kState, state_key("_lifecycle", kNs), gone);
  REQUIRE(rig.open());
  const Verification found = rig.verify();
  CHECK(found.differences == Differences{"state, entry '': no block makes it",
                                         "state of '_lifecycle', key 'basic': it is missing",
                                         "state, entry '\\xff': no block makes it"});
}

TEST_CASE("a damaged history is found", "[ledger]") {
  DamageableLedger rig;
  SECTION("a change") {
    rig.tamper(Family::kHistory, history_key("a", 2, 0), first_byte_flipped());
    CHECK(
        rig.verify().differences ==
        Differences{"history of 'basic', key 'a', change of (2,0): it is not what the blocks make "
                    "of it"});
  }
  SECTION("one is missing") {
    rig.tamper(Family::kHistory, history_key("gone", 3, 0), gone);
    CHECK(rig.verify().differences ==
          Differences{"history of 'basic', key 'gone', change of (3,0): it is missing"});
  }
  SECTION("one too many") {
    rig.tamper(Family::kHistory, history_key("a", 2, 1), [](const Stored&) { return "change"; });
    CHECK(rig.verify().differences ==
          Differences{"history of 'basic', key 'a', change of (2,1): no block makes it"});
  }
}

TEST_CASE("a damaged record of a transaction is found", "[ledger]") {
  DamageableLedger rig;
  const std::string id = tx_id_of("loser").value;
  SECTION("its code") {
    rig.tamper(Family::kTransactions, id, [](Stored stored) {
      stored->back() = protos::VALID;
      return stored;
    });
    CHECK(rig.verify().differences ==
          Differences{"transaction '" + id +
                      "': it is recorded as (2,1) VALID, rebuilt (2,1) MVCC_READ_CONFLICT"});
  }
  SECTION("it is missing") {
    rig.tamper(Family::kTransactions, id, gone);
    CHECK(rig.verify().differences == Differences{"transaction '" + id + "': it is missing"});
  }
  SECTION("bytes that are none") {
    rig.tamper(Family::kTransactions, id, [](const Stored&) { return "short"; });
    CHECK(rig.verify().differences ==
          Differences{"transaction '" + id + "': its record cannot be decoded"});
  }
}

TEST_CASE("a record that names another place in its block is found", "[ledger]") {
  DamageableLedger rig;
  const std::string id = tx_id_of("again").value;  // Twice in block 6, with garbage behind it.
  const auto change_to = [&](char tx_num, protos::TxValidationCode code) {
    rig.tamper(Family::kTransactions, id, [&](Stored stored) {
      (*stored)[11] = tx_num;
      stored->back() = static_cast<char>(code);
      return stored;
    });
    return rig.verify().differences;
  };
  const std::string is = "transaction '" + id + "': it is recorded as ";
  CHECK(change_to(1, protos::DUPLICATE_TXID) ==
        Differences{is + "(6,1) DUPLICATE_TXID, rebuilt (6,0) VALID"});
  CHECK(change_to(1, protos::VALID) == Differences{is + "(6,1) VALID, rebuilt (6,0) VALID"});
  CHECK(change_to(2, protos::NIL_ENVELOPE) ==
        Differences{is + "(6,2) NIL_ENVELOPE, rebuilt (6,0) VALID"});
  CHECK(change_to(9, protos::VALID) == Differences{is + "(6,9) VALID, rebuilt (6,0) VALID"});
}

TEST_CASE("a wrong validation code in a block is found", "[ledger]") {
  DamageableLedger rig;
  rig.tamper(Family::kBlocks, block_key(2), block_changed([](common::Block& block) {
               block.mutable_metadata()->mutable_metadata(common::TRANSACTIONS_FILTER)->at(1) = 12;
             }));
  CHECK(rig.verify().differences ==
        Differences{"block 2: transaction 1 is PHANTOM_READ_CONFLICT, rebuilt MVCC_READ_CONFLICT"});
}

TEST_CASE("a break in the hash chain is found where it is", "[ledger]") {
  DamageableLedger rig;
  SECTION("in a header") {
    rig.tamper(Family::kBlocks, block_key(3), block_changed([](common::Block& block) {
                 block.mutable_header()->set_previous_hash("another");
               }));
    const Verification found = rig.verify();
    REQUIRE(found.differences.size() == 2);
    CHECK_THAT(found.differences[0], Catch::StartsWith("block 3: its previous hash is 616e6f"));
    CHECK_THAT(found.differences[1], Catch::StartsWith("block 4: its previous hash is"));
    CHECK(found.last_block_hash == rig.ledger().last_block_hash());
  }
  SECTION("in a number") {
    rig.tamper(Family::kBlocks, block_key(3),
               block_changed([](common::Block& block) { block.mutable_header()->set_number(9); }));
    CHECK(rig.verify().differences[0] == "block 3: its header has the number 9");
  }
  SECTION("in the data, and all that they make is another") {
    rig.tamper(Family::kBlocks, block_key(1), block_changed([](common::Block& block) {
                 block.mutable_data()->set_data(0, "another");
               }));
    const Verification found = rig.verify();
    CHECK_THAT(found.differences[0], Catch::StartsWith("block 1: its data hash is"));
    CHECK(found.differences[1] == "block 1: transaction 0 is VALID, rebuilt NIL_ENVELOPE");
    CHECK(found.differences_count == found.differences.size());
    CHECK(found.differences_count > 5);
  }
}

TEST_CASE("a block from which nothing can be rebuilt ends the comparison, not the walk",
          "[ledger]") {
  DamageableLedger rig;
  std::string what = "it cannot be decoded";
  rig.tamper(Family::kState, state_key(kNs, "a"), first_byte_flipped());
  SECTION("bytes that are no block") {
    rig.tamper(Family::kBlocks, block_key(2), [](const Stored&) { return "\xff"; });
  }
  SECTION("no block at all") {
    what = "it is missing";
    rig.tamper(Family::kBlocks, block_key(2), gone);
  }
  rig.tamper(Family::kBlocks, block_key(4),
             block_changed([](common::Block& block) { block.mutable_header()->set_number(7); }));
  const Verification found = rig.verify();
  CHECK(found.blocks == 7);
  CHECK(found.keys == 0);
  REQUIRE(found.differences.size() == 4);
  CHECK(found.differences[0] == "block 2: " + what);
  CHECK(found.differences[1] == "block 4: its header has the number 7");
  CHECK_THAT(found.differences[2], Catch::StartsWith("block 5: its previous hash is"));
  CHECK(found.differences[3] == "what the blocks make cannot be rebuilt; it is not compared");
}

TEST_CASE("a block without transactions is found", "[ledger]") {
  DamageableLedger rig;
  rig.tamper(Family::kBlocks, block_key(2), block_changed([](common::Block& block) {
               block.clear_data();
               block.clear_metadata();
             }));
  const Verification found = rig.verify();
  REQUIRE(found.differences.size() == 3);
  CHECK_THAT(found.differences[0], Catch::StartsWith("block 2: its data hash is"));
  CHECK(found.differences[1] == "block 2: it has no transactions");
}

TEST_CASE("a damaged private value is found by its hash", "[ledger]") {
  DamageableLedger rig;
  const std::string which = "private value " + in_kept() + ": ";
  SECTION("the value") {
    rig.tamper(Family::kState, private_key("key"), first_byte_flipped());
    CHECK(rig.verify().differences == Differences{which + "it is not the value that has the hash"});
  }
  SECTION("its version") {
    rig.tamper(Family::kState, private_key("key"),
               state_changed([](VersionedValue& value) { value.version.tx_num = 3; }));
    CHECK(rig.verify().differences == Differences{which + "its version is not that of its hash"});
  }
  SECTION("bytes that are none") {
    rig.tamper(Family::kState, private_key("key"), [](const Stored&) { return "short"; });
    CHECK(rig.verify().differences == Differences{which + "it cannot be decoded"});
  }
  SECTION("it is missing") {
    rig.tamper(Family::kState, private_key("key"), gone);
    CHECK(rig.verify().differences == Differences{which + "it is missing"});
  }
  SECTION("one too many") {
    rig.tamper(Family::kState, private_key("extra"), [](const Stored&) {
      return encode_state_value({"secret", "", {1, 0}});
    });
    CHECK(rig.verify().differences ==
          Differences{"private value in basic/kept, key hash " + to_hex(sha256({"extra"})) +
                      ": no block has its hash"});
  }
}

TEST_CASE("a damaged row of private data is found", "[ledger]") {
  DamageableLedger rig;
  const PrivateKey key{kNs, DamageableLedger::kKept, sha256({"key"})};
  const std::string which = "private write " + in_kept() + ", of (4,0): ";
  SECTION("bytes that are none") {
    rig.tamper(Family::kPrivateWrites, private_write_key(key, {4, 0}),
               [](const Stored&) { return "\x09"; });
    CHECK(rig.verify().differences == Differences{which + "it cannot be decoded"});
  }
  SECTION("the row of another key") {
    PrivateWriteRow row;
    row.kind = PrivateWriteRow::Kind::kWritten;
    row.write.set_key("another");
    rig.tamper(Family::kPrivateWrites, private_write_key(key, {4, 0}),
               [&](const Stored&) { return encode_private_write(row); });
    CHECK(rig.verify().differences == Differences{which + "it is of another key"});
  }
  SECTION("what would have expired never does") {
    const PrivateKey passing{kNs, DamageableLedger::kPassing, sha256({"key"})};
    rig.tamper(Family::kExpiry, expiry_key({7, passing, {4, 0}}), gone);
    CHECK(rig.verify().differences == Differences{"expiry in basic/passing, key hash " +
                                                  hash_of_key() + ", with block 7: it is missing"});
  }
}

TEST_CASE("what is told of damage is ASCII, whatever is damaged", "[ledger]") {
  DamageableLedger rig;
  const std::string bytes = "\xff\n\x1b";
  rig.tamper(Family::kState, state_key(bytes, bytes), [](const Stored&) { return "value"; });
  rig.tamper(Family::kState, state_key(private_namespace(bytes, bytes), "key"),
             [](const Stored&) { return "value"; });
  rig.tamper(Family::kTransactions, std::string(200, 't'), [](const Stored&) { return "value"; });
  const std::string told = "\\xff\\x0a\\x1b";
  CHECK(rig.verify().differences ==
        Differences{"transaction '" + std::string(80, 't') + "'...: no block makes it",
                    "state of '" + told + "', key '" + told + "': no block makes it",
                    "private value in " + told + "/" + told + ", key hash " + hash_of_key() +
                        ": it cannot be decoded"});
}

TEST_CASE("of very many differences the first are told and all are counted", "[ledger]") {
  LedgerRig rig;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 150; ++i) pairs.emplace_back("key" + std::to_string(i), "value");
  rig.write(pairs);
  for (const auto& [key, value] : pairs) {
    rig.tamper(Family::kState, state_key(kNs, key), first_byte_flipped());
  }
  REQUIRE(rig.open());
  VerificationProgress progress;
  const auto found = verify_ledger(rig.ledger(), std::nullopt, progress);
  REQUIRE(found);
  CHECK(found->differences_count == 150);
  CHECK(found->differences.size() == Verification::kDifferencesListed);
}
