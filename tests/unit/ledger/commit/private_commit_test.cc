#include "service/ledger/commit/private_commit.h"

#include <catch2/catch.hpp>

#include "service/base/sha256.h"
#include "tests/support/ledger_rig.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

constexpr const char* kColl = "coll";
using Codes = std::vector<protos::TxValidationCode>;

// A channel whose block 0 defines the collection, and whose blocks are told one by one.
struct Story {
  LedgerRig rig;
  int transactions = 0;

  explicit Story(std::uint64_t block_to_live) { rig.define({{kColl, block_to_live}}); }

  Simulation tx() { return rig.begin("tx" + std::to_string(transactions++)); }
  Simulation putting(const std::string& key, const std::string& value) {
    Simulation put = tx();
    REQUIRE(put->set_private_data(kNs, kColl, key, value));
    return put;
  }
  Simulation purging(const std::string& key) {
    Simulation purge = tx();
    REQUIRE(purge->purge_private_data(kNs, kColl, key));
    return purge;
  }
  void put(const std::string& key, const std::string& value) {
    Simulation put = putting(key, value);
    REQUIRE(rig.commit(put) == Codes{protos::VALID});
  }
  // As if the private data had been lost on the way.
  void commit_without_data(Simulation& simulation) {
    OrderedEnvelope envelope = rig.envelope(simulation);
    envelope.private_data.clear();
    REQUIRE(rig.commit_envelopes({envelope}) == Codes{protos::VALID});
  }
  void fill_up_to(std::uint64_t block) {
    while (rig.ledger().height() <= block) rig.write({{"filler", "value"}});
  }

  // "-" for an absent key, otherwise the value or the error.
  std::string read(const std::string& key) {
    const auto value = rig.begin("read")->get_private_data(kNs, kColl, key);
    if (!value) return value.error().message;
    return value->value_or("-");
  }
  bool has_hash(const std::string& key) {
    return rig.begin("read")->get_private_data_hash(kNs, kColl, key)->has_value();
  }
  std::vector<std::string> range() {
    Simulation reader = rig.begin("range");
    auto range = reader->get_private_data_range(kNs, kColl, "", "");
    REQUIRE(range);
    return keys_of(**range);
  }

  // The kinds of the rows kept of a key, oldest first. Closes and opens the ledger.
  std::string rows(const std::string& key) {
    rig.close();
    std::string kinds;
    {
      const auto store = Store::open({rig.options().directory, {}, rig.env()});
      REQUIRE(store);
      const std::string prefix = private_write_prefix({kNs, kColl, sha256({key})});
      const std::unique_ptr<rocksdb::Iterator> all((*store)->db().NewIterator(
          rocksdb::ReadOptions(), (*store)->family(Family::kPrivateWrites)));
      for (all->Seek(prefix); all->Valid() && all->key().starts_with(prefix); all->Next()) {
        const auto row = decode_private_write(view(all->value()));
        REQUIRE(row);
        kinds += "?wm-"[static_cast<int>(row->kind)];
      }
    }
    REQUIRE(rig.open());
    return kinds;
  }
  bool has_expiries() {
    rig.close();
    bool any = false;
    {
      const auto store = Store::open({rig.options().directory, {}, rig.env()});
      REQUIRE(store);
      any = (*store)->last_key(Family::kExpiry)->has_value();
    }
    REQUIRE(rig.open());
    return any;
  }
};

std::string unavailable(const std::string& hash, const std::string& value) {
  return "private data matching public hash version is not available. Public hash version = " +
         hash + ", Private data version = " + value;
}

}  // namespace

TEST_CASE("private data that did not come are named, until they are written again",
          "[ledger][row-146]") {
  Story story(0);
  story.fill_up_to(1);
  Simulation lost = story.putting("key", "value");
  story.commit_without_data(lost);
  CHECK(story.read("key") == unavailable("{BlockNum: 2, TxNum: 0}", "<nil>"));
  CHECK(story.has_hash("key"));
  CHECK(story.rows("key") == "-");
  story.put("key", "new");
  CHECK(story.read("key") == "new");
  CHECK(story.rows("key") == "-w");
}

TEST_CASE("a value that lost its successor is not returned any more", "[ledger][row-146]") {
  Story story(0);
  story.put("key", "old");
  Simulation lost = story.putting("key", "new");
  story.commit_without_data(lost);
  CHECK(story.read("key") == unavailable("{BlockNum: 2, TxNum: 0}", "<nil>"));
  CHECK(story.range().empty());

  story.put("other", "old");
  Simulation removed = story.tx();
  REQUIRE(removed->delete_private_data(kNs, kColl, "other"));
  story.commit_without_data(removed);
  CHECK(story.read("other") == "-");
  CHECK(story.range().empty());
}

TEST_CASE("private data of another transaction count as missing and stop nothing",
          "[ledger][row-147]") {
  Story story(0);
  story.put("key", "value");
  Simulation mine = story.putting("key", "mine");
  Simulation other = story.putting("key", "other");
  Simulation plain = story.tx();
  REQUIRE(plain->set_state(kNs, "public", "value"));
  OrderedEnvelope changed = story.rig.envelope(mine);
  SECTION("those of another one") {
    changed.private_data = story.rig.envelope(other).private_data;
  }
  SECTION("bytes that cannot be decoded") {
    changed.private_data = "garbage";
  }
  const auto committed =
      story.rig.ledger().commit(story.rig.next_batch({story.rig.envelope(plain), changed}));
  REQUIRE(committed);
  CHECK(committed->transactions[0].code == protos::VALID);
  CHECK(committed->transactions[0].private_data_fault.empty());
  CHECK(committed->transactions[1].code == protos::VALID);
  CHECK_FALSE(committed->transactions[1].private_data_fault.empty());
  CHECK(story.rig.value_of("public") == "value");
  CHECK(story.has_hash("key"));
  CHECK(story.read("key") == unavailable("{BlockNum: 2, TxNum: 1}", "<nil>"));
  for (Simulation* each : {&mine, &other, &plain}) each->sim.reset();  // The database can close.
  CHECK(story.rows("key") == "w-");
  story.put("key", "goes on");
  CHECK(story.read("key") == "goes on");
}

TEST_CASE("one collection with wrong private data does not take another one along",
          "[ledger][row-147]") {
  LedgerRig rig;
  rig.define({{"right", 0}, {"wrong", 0}});
  Simulation tx = rig.begin("tx");
  REQUIRE(tx->set_private_data(kNs, "right", "key", "value"));
  REQUIRE(tx->set_private_data(kNs, "wrong", "key", "value"));
  OrderedEnvelope envelope = rig.envelope(tx);
  rwset::TxPvtReadWriteSet set;
  REQUIRE(set.ParseFromString(envelope.private_data));
  set.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(1)->set_rwset("wrong");
  envelope.private_data = set.SerializeAsString();
  CHECK(rig.commit_envelopes({envelope}) == Codes{protos::VALID});
  CHECK(*rig.begin("read")->get_private_data(kNs, "right", "key") == "value");
  const auto wrong = rig.begin("read")->get_private_data(kNs, "wrong", "key");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == unavailable("{BlockNum: 1, TxNum: 0}", "<nil>"));
}

TEST_CASE("the private data of an invalid transaction do not matter", "[ledger][row-147]") {
  Story story(0);
  Simulation stale = story.putting("key", "stale");
  REQUIRE(stale->get_private_data(kNs, kColl, "key"));
  Simulation first = story.putting("key", "first");
  OrderedEnvelope garbled = story.rig.envelope(stale);
  garbled.private_data = "garbage";
  CHECK(story.rig.commit_envelopes({story.rig.envelope(first), garbled}) ==
        Codes{protos::VALID, protos::MVCC_READ_CONFLICT});
  CHECK(story.read("key") == "first");
}

TEST_CASE("private data live for as many blocks as the collection says", "[ledger][row-148]") {
  Story story(5);
  story.fill_up_to(1);
  story.put("key", "value");  // In block 2.
  story.fill_up_to(7);
  CHECK(story.read("key") == "value");
  CHECK(story.rows("key") == "w");
  CHECK(story.has_expiries());
  story.fill_up_to(8);
  CHECK(story.read("key") == "-");
  CHECK_FALSE(story.has_hash("key"));
  CHECK(story.rows("key").empty());
  CHECK_FALSE(story.has_expiries());
}

TEST_CASE("writing again starts the clock again", "[ledger][row-148]") {
  Story story(2);
  story.put("key", "old");      // In block 1: goes with block 4.
  story.put("touched", "old");  // In block 2: goes with block 5.
  story.put("key", "new");      // In block 3: goes with block 6.
  Simulation touch = story.tx();
  REQUIRE(touch->set_private_data_metadata(kNs, kColl, "touched", {{"a", "b"}}));
  REQUIRE(story.rig.commit(touch) == Codes{protos::VALID});  // Block 4: goes with block 7.
  CHECK(story.read("key") == "new");
  CHECK(story.rows("key") == "w");
  story.fill_up_to(5);
  CHECK(story.read("key") == "new");
  CHECK(story.read("touched") == "old");
  story.fill_up_to(6);
  CHECK(story.read("key") == "-");
  CHECK(story.read("touched") == "old");
  story.fill_up_to(7);
  CHECK(story.read("touched") == "-");
  CHECK_FALSE(story.has_hash("touched"));
  CHECK(story.range().empty());
  CHECK(story.rows("touched").empty());
}

TEST_CASE("a key that is written in the block of its end stays", "[ledger][row-148]") {
  Story story(0 + 1);
  story.put("key", "old");  // In block 1: goes with block 3.
  story.fill_up_to(2);
  story.put("key", "new");
  CHECK(story.read("key") == "new");
  CHECK(story.rows("key") == "w");
}

TEST_CASE("zero blocks to live are for ever", "[ledger][row-148]") {
  Story story(0);
  story.put("key", "value");
  story.fill_up_to(20);
  CHECK(story.read("key") == "value");
  CHECK(story.rows("key") == "w");
  CHECK_FALSE(story.has_expiries());
}

TEST_CASE("a purge takes what is older, and only that", "[ledger][row-149]") {
  Story story(0);
  story.put("key", "old");
  story.put("key", "older");
  CHECK(story.rows("key") == "ww");

  SECTION("alone") {
    Simulation purge = story.purging("key");
    story.rig.commit(purge);
    CHECK(story.read("key") == "-");
    CHECK_FALSE(story.has_hash("key"));
    CHECK(story.rows("key").empty());
  }
  SECTION("then a write in the block") {
    Simulation purge = story.purging("key");
    Simulation write = story.putting("key", "new");
    story.rig.commit({&purge, &write});
    CHECK(story.read("key") == "new");
    CHECK(story.rows("key") == "w");
  }
  SECTION("after a write in the block") {
    Simulation write = story.putting("key", "new");
    Simulation purge = story.purging("key");
    story.rig.commit({&write, &purge});
    CHECK(story.read("key") == "-");
    CHECK(story.rows("key").empty());
  }
  SECTION("whose private data did not come") {
    Simulation purge = story.purging("key");
    story.commit_without_data(purge);
    CHECK(story.read("key") == "-");
    CHECK(story.range().empty());
    CHECK(story.rows("key").empty());
  }
}

TEST_CASE("a delete keeps the older rows", "[ledger][row-149]") {
  Story story(0);
  story.put("key", "value");
  Simulation remove = story.tx();
  REQUIRE(remove->delete_private_data(kNs, kColl, "key"));
  story.rig.commit(remove);
  CHECK(story.read("key") == "-");
  CHECK(story.rows("key") == "ww");
}

TEST_CASE("new metadata give the private value their version", "[ledger][row-142]") {
  Story story(0);
  story.put("key", "value");
  Simulation touch = story.tx();
  REQUIRE(touch->set_private_data_metadata(kNs, kColl, "key", {{"a", "b"}}));
  REQUIRE(touch->set_private_data_metadata(kNs, kColl, "absent", {{"a", "b"}}));
  REQUIRE(story.rig.commit(touch) == Codes{protos::VALID});
  CHECK(story.read("key") == "value");
  CHECK(story.read("absent") == "-");
  CHECK(story.rows("key") == "wm");
  const auto metadata = story.rig.begin("read")->get_private_data_metadata(kNs, kColl, "key");
  CHECK(*metadata == Metadata{{"a", "b"}});

  Simulation reader = story.tx();
  REQUIRE(reader->get_private_data(kNs, kColl, "key"));
  CHECK(story.rig.commit(reader) == Codes{protos::VALID});

  Simulation write = story.putting("key", "new");
  Simulation again = story.tx();
  REQUIRE(again->set_private_data_metadata(kNs, kColl, "key", {}));
  story.rig.commit({&write, &again});
  CHECK(story.read("key") == "new");
}
