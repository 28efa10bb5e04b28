#include "service/ledger/validate/mvcc_validator.h"

#include <catch2/catch.hpp>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/block/read_version.h"
#include "service/ledger/state/derived_namespace.h"
#include "tests/support/map_state_view.h"

using namespace ccbus;
using namespace ccbus::ledger;
using test::MapStateView;

namespace {

constexpr const char* kNs = "ns";
using Read = std::pair<std::string, std::optional<Version>>;

MapStateView committed(const std::vector<std::pair<std::string, Version>>& keys) {
  MapStateView::Entries entries;
  for (const auto& [key, version] : keys) entries[{kNs, key}] = {"value", "", version};
  return MapStateView(std::move(entries));
}

MapStateView five_keys() {
  return committed(
      {{"key1", {1, 0}}, {"key2", {1, 1}}, {"key3", {1, 2}}, {"key4", {1, 3}}, {"key5", {1, 4}}});
}

void set(kvrwset::KVRead& out, const Read& read) {
  out.set_key(read.first);
  set_version(out, read.second);
}

TxRwset reads(const std::vector<Read>& keys) {
  TxRwset rwset(1);
  rwset[0].ns = kNs;
  for (const Read& read : keys) set(*rwset[0].kv.add_reads(), read);
  return rwset;
}

enum class Extent { kExhausted, kCut };

TxRwset range(const std::string& start, const std::string& end, Extent extent,
              const std::vector<Read>& keys) {
  TxRwset rwset(1);
  rwset[0].ns = kNs;
  kvrwset::RangeQueryInfo& info = *rwset[0].kv.add_range_queries_info();
  info.set_start_key(start);
  info.set_end_key(end);
  info.set_itr_exhausted(extent == Extent::kExhausted);
  for (const Read& read : keys) set(*info.mutable_raw_reads()->add_kv_reads(), read);
  return rwset;
}

TxRwset merkle(const std::string& start, const std::string& end,
               const std::vector<std::pair<std::string, Version>>& keys) {
  TxRwset rwset = range(start, end, Extent::kExhausted, {});
  RangeReads summary(2);
  for (const auto& [key, version] : keys) summary.add(key, version);
  summary.summarize(*rwset[0].kv.mutable_range_queries_info(0));
  return rwset;
}

BlockUpdates updates(const std::vector<std::pair<std::string, std::string>>& writes,
                     const StateView& below) {
  TxRwset rwset(1);
  rwset[0].ns = kNs;
  for (const auto& [key, value] : writes) {
    kvrwset::KVWrite& write = *rwset[0].kv.add_writes();
    write.set_key(key);
    write.set_value(value);
    write.set_is_delete(value.empty());
  }
  BlockUpdates out;
  REQUIRE(out.apply(rwset, Version{2, 0}, below));
  return out;
}

protos::TxValidationCode code(const TxRwset& rwset, const StateView& view,
                              const BlockUpdates& earlier) {
  const auto verdict = validate_reads(rwset, view, earlier);
  REQUIRE(verdict);
  CHECK(verdict->conflict.has_value() == (verdict->code != protos::VALID));
  return verdict->code;
}

protos::TxValidationCode code(const TxRwset& rwset, const StateView& view) {
  return code(rwset, view, BlockUpdates());
}

}  // namespace

TEST_CASE("a read holds while the committed version is the one that was read",
          "[ledger][row-136]") {
  const MapStateView view = five_keys();
  CHECK(code(reads({{"key1", Version{1, 0}}}), view) == protos::VALID);
  CHECK(code(reads({{"key1", std::nullopt}}), view) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"key1", Version{1, 1}}}), view) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"absent", Version{1, 0}}}), view) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"absent", std::nullopt}}), view) == protos::VALID);
}

TEST_CASE("a conflict says which key, what was read and what is there now", "[ledger]") {
  const MapStateView view = five_keys();
  const auto verdict = validate_reads(reads({{"key1", Version{1, 0}}, {"key2", Version{0, 7}}}),
                                      view, BlockUpdates());
  REQUIRE(verdict);
  REQUIRE(verdict->conflict);
  CHECK(verdict->conflict->ns == kNs);
  CHECK(verdict->conflict->key == "key2");
  CHECK(verdict->conflict->read == Version{0, 7});
  CHECK(verdict->conflict->committed == Version{1, 1});
}

TEST_CASE("a key that the block touched before conflicts whatever was read", "[ledger][row-137]") {
  const MapStateView view = five_keys();
  const BlockUpdates earlier = updates({{"key1", "new"}, {"key2", ""}, {"key9", "new"}}, view);
  CHECK(code(reads({{"key1", Version{1, 0}}}), view, earlier) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"key2", Version{1, 1}}}), view, earlier) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"key9", std::nullopt}}), view, earlier) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"key1", Version{2, 0}}}), view, earlier) == protos::MVCC_READ_CONFLICT);
  CHECK(code(reads({{"key3", Version{1, 2}}}), view, earlier) == protos::VALID);
}

TEST_CASE("a range that was not read to its end is checked up to its last key, that included",
          "[ledger][row-138]") {
  const MapStateView view = five_keys();
  const Read key2{"key2", Version{1, 1}};
  const Read key3{"key3", Version{1, 2}};
  const Read key4{"key4", Version{1, 3}};
  const Read changed{"key4", Version{0, 3}};
  const auto cut = [](const std::vector<Read>& keys) {
    return range("key2", "key4", Extent::kCut, keys);
  };
  CHECK(code(cut({key2, key3, key4}), view) == protos::VALID);
  CHECK(code(cut({key2, key3, changed}), view) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(cut({key2, key4}), view) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(cut({key2, key3, key4}), view, updates({{"key3", ""}}, view)) ==
        protos::PHANTOM_READ_CONFLICT);
  CHECK(code(cut({key2, key3, key4}), view, updates({{"key2_1", "new"}}, view)) ==
        protos::PHANTOM_READ_CONFLICT);
  CHECK(code(cut({key2, key3, key4}), view, updates({{"key4_1", "new"}}, view)) == protos::VALID);
  CHECK(code(cut({key2, key3, key4}), view, updates({{"key1", "new"}}, view)) == protos::VALID);
}

TEST_CASE("an exhausted range is checked up to its end, that excluded", "[ledger]") {
  const MapStateView view = five_keys();
  const TxRwset whole =
      range("key2", "key4", Extent::kExhausted, {{"key2", Version{1, 1}}, {"key3", Version{1, 2}}});
  CHECK(code(whole, view) == protos::VALID);
  CHECK(code(whole, view, updates({{"key4", ""}}, view)) == protos::VALID);
  CHECK(code(whole, view, updates({{"key3_1", "new"}}, view)) == protos::PHANTOM_READ_CONFLICT);
}

TEST_CASE("a summary stands for the reads that it was made of", "[ledger][row-139]") {
  const std::vector<std::pair<std::string, Version>> keys = {
      {"key1", {1, 0}}, {"key2", {1, 1}}, {"key3", {1, 2}}, {"key4", {1, 3}}};
  auto changed = keys;
  changed[2].second = Version{1, 9};
  const MapStateView view = five_keys();
  CHECK(code(merkle("key1", "key5", keys), view) == protos::VALID);
  CHECK(code(merkle("key1", "key5", changed), view) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(merkle("key1", "key6", keys), view) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(merkle("key1", "key5", keys), committed({{"key1", {1, 0}}})) ==
        protos::PHANTOM_READ_CONFLICT);
}

TEST_CASE("an empty range holds while it is empty", "[ledger][row-140]") {
  const MapStateView view = five_keys();
  const Read key4{"key4", Version{1, 3}};
  const Read key5{"key5", Version{1, 4}};
  const auto tail = [](const std::string& start, const std::vector<Read>& keys) {
    return range(start, "", Extent::kExhausted, keys);
  };
  CHECK(code(tail("key6", {}), view) == protos::VALID);
  CHECK(code(tail("key4", {key4, key5}), committed({})) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(tail("key4", {key4}), view) == protos::PHANTOM_READ_CONFLICT);
  CHECK(code(tail("key4", {}), view) == protos::PHANTOM_READ_CONFLICT);
}

TEST_CASE("reads are checked before ranges, and namespaces in their order", "[ledger]") {
  const MapStateView view = five_keys();
  TxRwset both = range("key4", "", Extent::kExhausted, {});
  set(*both[0].kv.add_reads(), {"key1", std::nullopt});
  CHECK(code(both, view) == protos::MVCC_READ_CONFLICT);
  TxRwset phantom_first = range("key4", "", Extent::kExhausted, {});
  phantom_first.push_back(reads({{"key1", std::nullopt}}).front());
  CHECK(code(phantom_first, view) == protos::PHANTOM_READ_CONFLICT);
}

TEST_CASE("a hashed read must hold like any other", "[ledger][row-136]") {
  const std::string hash = sha256({"secret"});
  const MapStateView below({{{hash_namespace(kNs, "coll"), hash}, {"h", "", {1, 0}}}});
  const auto code_of = [&](const std::optional<Version>& version, const BlockUpdates& earlier) {
    TxRwset rwset(1);
    rwset[0].ns = kNs;
    HashedCollection& collection = rwset[0].collections.emplace_back();
    collection.name = "coll";
    kvrwset::KVReadHash& read = *collection.hashed.add_hashed_reads();
    read.set_key_hash(hash);
    set_version(read, version);
    const auto verdict = validate_reads(rwset, below, earlier);
    REQUIRE(verdict);
    if (verdict->conflict) CHECK(verdict->conflict->key == to_hex(hash));
    return verdict->code;
  };
  CHECK(code_of(Version{1, 0}, {}) == protos::VALID);
  CHECK(code_of(Version{1, 1}, {}) == protos::MVCC_READ_CONFLICT);
  CHECK(code_of(std::nullopt, {}) == protos::MVCC_READ_CONFLICT);

  BlockUpdates earlier;
  earlier.set(hash_namespace(kNs, "coll"), hash, VersionedValue{"h", "", {1, 0}});
  CHECK(code_of(Version{1, 0}, earlier) == protos::MVCC_READ_CONFLICT);
}
