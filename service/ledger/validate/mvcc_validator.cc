#include "service/ledger/validate/mvcc_validator.h"

#include <google/protobuf/util/message_differencer.h>

#include <utility>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/block/range_query_info.h"
#include "service/ledger/block/read_version.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {
namespace {

using Conflict = std::optional<ReadConflict>;

// A key that this block touched before conflicts whatever its version: a version that is still to
// be given cannot have been read.
Result<Conflict> check_read(const std::string& ns, const std::string& key,
                            const std::optional<Version>& seen, const StateView& committed,
                            const BlockUpdates& earlier) {
  if (const auto* update = earlier.find(ns, key)) {
    std::optional<Version> now;
    if (*update) now = (*update)->version;
    return ReadConflict{ns, key, seen, now};
  }
  auto now = committed.version_of(ns, key);
  if (!now) return unexpected(now.error());
  if (*now == seen) return std::nullopt;
  return ReadConflict{ns, key, seen, *now};
}

Result<Conflict> check_collection(const std::string& ns, const HashedCollection& collection,
                                  const StateView& committed, const BlockUpdates& earlier) {
  const std::string hashes = hash_namespace(ns, collection.name);
  for (const kvrwset::KVReadHash& read : collection.hashed.hashed_reads()) {
    auto conflict = check_read(hashes, read.key_hash(), version_of(read), committed, earlier);
    if (!conflict) return unexpected(conflict.error());
    if (!*conflict) continue;
    (*conflict)->key = to_hex((*conflict)->key);
    return conflict;
  }
  return std::nullopt;
}

// Where a range, read again, has `now` in the place of `read`.
Conflict compare(const std::string& ns, const kvrwset::KVRead* read,
                 const std::optional<StateEntry>& now) {
  if (!read && !now) return std::nullopt;
  const bool added = now && (!read || now->key < read->key());
  if (added) return ReadConflict{ns, std::string(now->key), std::nullopt, now->version};
  const bool removed = !now || now->key != read->key();
  if (removed) return ReadConflict{ns, read->key(), version_of(*read), std::nullopt};
  if (version_of(*read) == now->version) return std::nullopt;
  return ReadConflict{ns, read->key(), version_of(*read), now->version};
}

Result<Conflict> check_raw(const std::string& ns, const kvrwset::QueryReads& reads,
                           StateCursor& now) {
  for (const kvrwset::KVRead& read : reads.kv_reads()) {
    auto entry = now.next();
    if (!entry) return unexpected(entry.error());
    if (auto conflict = compare(ns, &read, *entry)) return conflict;
  }
  auto entry = now.next();
  if (!entry) return unexpected(entry.error());
  return compare(ns, nullptr, *entry);
}

Result<Conflict> check_summary(const std::string& ns, const kvrwset::RangeQueryInfo& range,
                               StateCursor& now) {
  RangeReads reads(range.reads_merkle_hashes().max_degree());
  for (;;) {
    auto entry = now.next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) break;
    reads.add((*entry)->key, (*entry)->version);
  }
  kvrwset::RangeQueryInfo again;
  reads.summarize(again);
  const bool same = again.has_reads_merkle_hashes() &&
                    google::protobuf::util::MessageDifferencer::Equals(again.reads_merkle_hashes(),
                                                                       range.reads_merkle_hashes());
  if (same) return std::nullopt;
  return ReadConflict{ns, range.start_key(), std::nullopt, std::nullopt};
}

Result<Conflict> check_range(const std::string& ns, const kvrwset::RangeQueryInfo& range,
                             const StateView& committed, const BlockUpdates& earlier) {
  // A range that was not read to its end includes the last key read. The key that follows a key
  // directly is the same with a NUL behind it.
  std::string end = range.end_key();
  if (!range.itr_exhausted()) end.push_back('\0');
  auto now = earlier.range_over(committed, ns, range.start_key(), end);
  if (!now) return unexpected(now.error());
  return range.has_reads_merkle_hashes() ? check_summary(ns, range, **now)
                                         : check_raw(ns, range.raw_reads(), **now);
}

}  // namespace

Result<Verdict> validate_reads(const TxRwset& rwset, const StateView& committed,
                               const BlockUpdates& earlier) {
  for (const NamespaceRwset& set : rwset) {
    for (const kvrwset::KVRead& read : set.kv.reads()) {
      auto conflict = check_read(set.ns, read.key(), version_of(read), committed, earlier);
      if (!conflict) return unexpected(conflict.error());
      if (*conflict) return Verdict{protos::MVCC_READ_CONFLICT, std::move(*conflict)};
    }
    for (const kvrwset::RangeQueryInfo& range : set.kv.range_queries_info()) {
      auto conflict = check_range(set.ns, range, committed, earlier);
      if (!conflict) return unexpected(conflict.error());
      if (*conflict) return Verdict{protos::PHANTOM_READ_CONFLICT, std::move(*conflict)};
    }
    for (const HashedCollection& collection : set.collections) {
      auto conflict = check_collection(set.ns, collection, committed, earlier);
      if (!conflict) return unexpected(conflict.error());
      if (*conflict) return Verdict{protos::MVCC_READ_CONFLICT, std::move(*conflict)};
    }
  }
  return Verdict{};
}

}  // namespace ccbus::ledger
