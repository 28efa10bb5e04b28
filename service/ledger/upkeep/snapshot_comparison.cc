#include "service/ledger/upkeep/snapshot_comparison.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/fixed_int.h"
#include "service/base/sha256.h"
#include "service/ledger/block/block.h"
#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/commit/capability_record.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/state/state_encoding.h"
#include "service/ledger/upkeep/entry_description.h"

namespace ccbus::ledger {
namespace {

// Ledgers from before this key was invented are sound without it.
bool is_optional(Family family, std::string_view key) {
  return family == Family::kMeta && key == kNoMetadataKey;
}

class SnapshotComparison {
 public:
  SnapshotComparison(const StateSnapshot& live, const StateSnapshot& rebuilt,
                     VerificationProgress& progress, Verification& found)
      : live_(live), rebuilt_(rebuilt), progress_(progress), found_(found) {}

  [[nodiscard]] Result<void> compare(Family family);

  // A private value that came with its transaction, and still has its hash, must be there.
  [[nodiscard]] Result<void> find_lost_private_values();

 private:
  using Entry = std::optional<std::string_view>;

  [[nodiscard]] Result<void> go_on();
  [[nodiscard]] Result<void> check_end(Family family, const rocksdb::Iterator& live);
  [[nodiscard]] Result<void> check_live(Family family, std::string_view key,
                                        std::string_view stored, Entry rebuilt);
  [[nodiscard]] Result<bool> is_record_of_other(std::string_view id, std::string_view stored,
                                                std::string_view rebuilt) const;
  [[nodiscard]] Result<void> check_private_value(const DerivedNamespace& of, std::string_view key,
                                                 std::string_view stored);
  [[nodiscard]] Result<void> check_private_row(std::string_view key, std::string_view stored);
  [[nodiscard]] Result<std::optional<VersionedValue>> rebuilt_hash(const PrivateKey& key) const;

  const StateSnapshot& live_;
  const StateSnapshot& rebuilt_;
  VerificationProgress& progress_;
  Verification& found_;
};

Result<void> SnapshotComparison::go_on() {
  if (progress_.cancelled) return fail(ErrorCode::kDeadline, "the verification was cancelled");
  ++progress_.keys;
  return {};
}

Result<void> SnapshotComparison::compare(Family family) {
  const auto live = live_.entries(family);
  const auto rebuilt = rebuilt_.entries(family);
  live->SeekToFirst();
  rebuilt->SeekToFirst();
  // A live side that ends in an error lacks nothing.
  while (live->Valid() || (rebuilt->Valid() && live->status().ok())) {
    if (auto going = go_on(); !going) return going;
    int order = live->Valid() ? -1 : 1;
    if (live->Valid() && rebuilt->Valid()) order = live->key().compare(rebuilt->key());
    if (order > 0 && is_optional(family, view(rebuilt->key()))) {
      // An older ledger, which lacks it.
    } else if (order > 0) {
      found_.differs(describe_entry(family, view(rebuilt->key())) + ": it is missing");
    } else {
      const Entry made = order == 0 ? Entry(view(rebuilt->value())) : std::nullopt;
      auto checked = check_live(family, view(live->key()), view(live->value()), made);
      if (!checked) return checked;
    }
    if (order <= 0) live->Next();
    if (order >= 0) rebuilt->Next();
  }
  if (!rebuilt->status().ok()) {
    return store_failure(rebuilt->status(), "cannot read what was rebuilt");
  }
  return check_end(family, *live);
}

Result<void> SnapshotComparison::check_end(Family family, const rocksdb::Iterator& live) {
  if (live.status().ok()) return {};
  if (!live.status().IsCorruption()) return store_failure(live.status(), "cannot read the ledger");
  found_.differs(describe_family(family) + ": it cannot be read to the end, " +
                 live.status().ToString());
  return {};
}

Result<void> SnapshotComparison::check_live(Family family, std::string_view key,
                                            std::string_view stored, Entry rebuilt) {
  if (family == Family::kState) {
    std::string_view rest = key;
    const auto ns = take_sized(rest);
    const auto derived = ns ? split_derived(*ns) : std::nullopt;
    if (derived && derived->kind == DerivedNamespace::Kind::kPrivateValues) {
      return check_private_value(*derived, rest, stored);
    }
    ++found_.keys;
  }
  const bool is_end = family == Family::kMeta && key == kEndKey;
  if (family == Family::kMeta && key == kLogStateKey) return {};
  if (!rebuilt) {
    found_.differs(describe_entry(family, key) + ": no block makes it");
  } else if (is_end && part_told_by_blocks(stored) == part_told_by_blocks(*rebuilt)) {
    // Only the log's position may differ.
  } else if (stored != *rebuilt) {
    if (family == Family::kTransactions) {
      auto is_other = is_record_of_other(key, stored, *rebuilt);
      if (!is_other) return unexpected(is_other.error());
      if (*is_other) return {};
    }
    found_.differs(describe_entry(family, key) + ": " +
                   describe_difference(family, stored, *rebuilt));
  }
  return {};
}

// Versions after 6c2d166 that did not record a capability already had the rule of kFirstOfId. Of a
// block without one, the record may therefore be of any transaction with the id.
Result<bool> SnapshotComparison::is_record_of_other(std::string_view id, std::string_view stored,
                                                    std::string_view rebuilt) const {
  const auto is = decode_transaction_record(stored);
  const auto should = decode_transaction_record(rebuilt);
  if (!is || !should || is->block_num != should->block_num || is->code == protos::DUPLICATE_TXID) {
    return false;
  }
  auto recorded = live_.stored(Family::kMeta, kCapabilitiesKey);
  if (!recorded) return unexpected(recorded.error());
  auto capabilities = decode_capabilities(*recorded);
  if (!capabilities) return unexpected(capabilities.error());
  if (capabilities->of(is->block_num) != Capability::kNone) return false;
  auto bytes = live_.stored(Family::kBlocks, block_key(is->block_num));
  if (!bytes) return unexpected(bytes.error());
  common::Block block;
  if (!*bytes || !block.ParseFromString(**bytes)) return false;
  const auto count = static_cast<std::uint32_t>(block.data().data_size());
  if (is->tx_num >= count || validation_code(block, is->tx_num) != is->code) return false;
  const std::string& envelope = block.data().data(static_cast<int>(is->tx_num));
  return read_frame_of_any_channel(envelope).tx_id.value == id;
}

Result<std::optional<VersionedValue>> SnapshotComparison::rebuilt_hash(
    const PrivateKey& key) const {
  return rebuilt_.get(hash_namespace(key.ns, key.collection), key.key_hash);
}

Result<void> SnapshotComparison::check_private_value(const DerivedNamespace& of,
                                                     std::string_view key,
                                                     std::string_view stored) {
  ++found_.private_values;
  const PrivateKey private_key{std::string(of.ns), std::string(of.collection), sha256({key})};
  auto hash = rebuilt_hash(private_key);
  if (!hash) return unexpected(hash.error());
  const auto value = decode_state_value(stored);
  std::string what;
  if (!value) {
    what = "it cannot be decoded";
  } else if (!*hash) {
    what = "no block has its hash";
  } else if (value->version != (*hash)->version) {
    what = "its version is not that of its hash";
  } else if (sha256({value->value}) != (*hash)->value) {
    what = "it is not the value that has the hash";
  }
  if (!what.empty()) found_.differs(describe_private_value(private_key) + ": " + what);
  return {};
}

Result<void> SnapshotComparison::find_lost_private_values() {
  const auto rows = live_.entries(Family::kPrivateWrites);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (auto going = go_on(); !going) return going;
    auto checked = check_private_row(view(rows->key()), view(rows->value()));
    if (!checked) return checked;
  }
  return check_end(Family::kPrivateWrites, *rows);
}

Result<void> SnapshotComparison::check_private_row(std::string_view key, std::string_view stored) {
  const auto of = decode_private_write_key(key);
  const auto row = decode_private_write(stored);
  if (!of || !row) {
    found_.differs(describe_entry(Family::kPrivateWrites, key) + ": it cannot be decoded");
    return {};
  }
  if (row->kind == PrivateWriteRow::Kind::kMissing) return {};
  auto hash = rebuilt_hash(of->key);
  if (!hash) return unexpected(hash.error());
  if (!*hash || (*hash)->version != of->version) return {};  // Written again since, or gone.
  const std::string& plain = row->write.key();
  if (sha256({plain}) != of->key.key_hash) {
    found_.differs(describe_entry(Family::kPrivateWrites, key) + ": it is of another key");
    return {};
  }
  const StateKey value_key(private_namespace(of->key.ns, of->key.collection), plain);
  auto value = live_.stored(Family::kState, value_key.bytes());
  if (!value && value.error().code != ErrorCode::kCorrupt) return unexpected(value.error());
  if (!value || !*value) found_.differs(describe_private_value(of->key) + ": it is missing");
  return {};
}

}  // namespace

Result<void> compare_snapshots(const StateSnapshot& live, const StateSnapshot& rebuilt,
                               VerificationProgress& progress, Verification& found) {
  SnapshotComparison comparison(live, rebuilt, progress, found);
  for (const Family family :
       {Family::kMeta, Family::kTransactions, Family::kState, Family::kExpiry}) {
    if (auto compared = comparison.compare(family); !compared) return compared;
  }
  if (live.has_history()) {
    if (auto compared = comparison.compare(Family::kHistory); !compared) return compared;
  }
  return comparison.find_lost_private_values();
}

}  // namespace ccbus::ledger
