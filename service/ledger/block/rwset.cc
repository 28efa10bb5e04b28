#include "service/ledger/block/rwset.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "service/base/parse_message.h"
#include "service/base/sha256.h"
#include "service/ledger/block/read_version.h"

namespace ccbus::ledger {
namespace {

// No query gives a summary of so low a degree, and nothing could be compared with it. To compare
// with one of a high degree, as many reads have to be kept.
constexpr std::uint32_t kMerkleDegreeMin = 2;
constexpr std::uint32_t kMerkleDegreeMax = 10'000;

bool is_possible(const kvrwset::RangeQueryInfo& range) {
  const std::uint32_t degree = range.reads_merkle_hashes().max_degree();
  return !range.has_reads_merkle_hashes() ||
         (degree >= kMerkleDegreeMin && degree <= kMerkleDegreeMax);
}

// SHA-256 of no bytes.
constexpr std::string_view kHashOfEmpty(
    "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24"
    "\x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55",
    kSha256Bytes);

// With another length it is not the hash of any key.
bool has_sound_hashes(const kvrwset::HashedRWSet& set) {
  const auto names_key = [](const auto& entry) { return entry.key_hash().size() == kSha256Bytes; };
  const auto has_value = [](const kvrwset::KVWriteHash& write) {
    return is_delete(write) || write.value_hash().size() == kSha256Bytes;
  };
  return std::all_of(set.hashed_reads().begin(), set.hashed_reads().end(), names_key) &&
         std::all_of(set.hashed_writes().begin(), set.hashed_writes().end(), names_key) &&
         std::all_of(set.hashed_writes().begin(), set.hashed_writes().end(), has_value) &&
         std::all_of(set.metadata_writes().begin(), set.metadata_writes().end(), names_key);
}

bool parse_collections(const rwset::NsReadWriteSet& ns, std::vector<HashedCollection>& out) {
  for (const rwset::CollectionHashedReadWriteSet& set : ns.collection_hashed_rwset()) {
    HashedCollection& collection = out.emplace_back();
    collection.name = set.collection_name();
    collection.private_rwset_hash = set.pvt_rwset_hash();
    if (!parse(collection.hashed, set.hashed_rwset())) return false;
    if (!has_sound_hashes(collection.hashed)) return false;
  }
  return true;
}

}  // namespace

RwsetBuilder::Namespace& RwsetBuilder::at(std::string_view ns) {
  const auto found = namespaces_.find(ns);
  if (found != namespaces_.end()) return found->second;
  return namespaces_.try_emplace(std::string(ns), &memory_).first->second;
}

std::ptrdiff_t RwsetBuilder::add_read(std::string_view ns, std::string_view key,
                                      const std::optional<Version>& version) {
  auto& reads = at(ns).reads;
  // Keys are often read in their order, and then none needs to be searched for.
  const bool is_last = !reads.empty() && reads.rbegin()->first < key;
  const auto place = is_last ? reads.end() : reads.lower_bound(key);
  if (place != reads.end() && place->first == key) return 0;
  reads.emplace_hint(place, key, version);
  return signed_size(key) + kEntryBytes;
}

std::ptrdiff_t RwsetBuilder::add_write(std::string_view ns, std::string_view key,
                                       std::string value) {
  auto& writes = at(ns).writes;
  const auto place = writes.lower_bound(key);
  const std::ptrdiff_t bytes = signed_size(value);
  if (place != writes.end() && place->first == key) {
    const std::ptrdiff_t before = signed_size(place->second);
    place->second = std::move(value);
    return bytes - before;
  }
  writes.emplace_hint(place, key, std::move(value));
  return signed_size(key) + bytes + kEntryBytes;
}

std::ptrdiff_t RwsetBuilder::add_metadata_write(std::string_view ns, std::string_view key,
                                                Metadata metadata) {
  return put_metadata(at(ns).metadata_writes, key, std::move(metadata));
}

CollectionRwset& RwsetBuilder::collection(std::string_view ns, std::string_view collection) {
  auto& collections = at(ns).collections;
  const auto found = collections.find(collection);
  return found != collections.end() ? found->second : collections[std::string(collection)];
}

std::shared_ptr<RangeQueryRecorder> RwsetBuilder::add_range(std::string_view ns,
                                                            std::string_view start,
                                                            std::string_view end) {
  return at(ns).ranges.emplace_back(std::make_shared<RangeQueryRecorder>(start, end));
}

kvrwset::KVRWSet RwsetBuilder::build(const Namespace& ns) {
  kvrwset::KVRWSet set;
  for (const auto& [key, version] : ns.reads) {
    kvrwset::KVRead& read = *set.add_reads();
    read.set_key(key.data(), key.size());
    set_version(read, version);
  }
  std::set<std::tuple<std::string, std::string, bool>> seen;
  for (const auto& range : ns.ranges) {
    if (!range->used()) continue;
    kvrwset::RangeQueryInfo info = range->info();
    if (!seen.emplace(info.start_key(), info.end_key(), info.itr_exhausted()).second) continue;
    *set.add_range_queries_info() = std::move(info);
  }
  for (const auto& [key, value] : ns.writes) {
    kvrwset::KVWrite& write = *set.add_writes();
    write.set_key(key.data(), key.size());
    write.set_is_delete(value.empty());
    write.set_value(value);
  }
  for (const auto& [key, metadata] : ns.metadata_writes) {
    kvrwset::KVMetadataWrite& write = *set.add_metadata_writes();
    write.set_key(key);
    add_entries(metadata, *write.mutable_entries());
  }
  return set;
}

rwset::TxReadWriteSet RwsetBuilder::build() const {
  rwset::TxReadWriteSet set;
  set.set_data_model(rwset::TxReadWriteSet::KV);
  for (const auto& [name, ns] : namespaces_) {
    const kvrwset::KVRWSet kv = build(ns);
    // A range of which nothing was asked leaves nothing.
    if (kv.ByteSizeLong() == 0 && ns.collections.empty()) continue;
    rwset::NsReadWriteSet& out = *set.add_ns_rwset();
    out.set_namespace_(name);
    kv.SerializeToString(out.mutable_rwset());
    for (const auto& [collection_name, collection] : ns.collections) {
      *out.add_collection_hashed_rwset() = collection.build_hashed(collection_name);
    }
  }
  return set;
}

rwset::TxPvtReadWriteSet RwsetBuilder::build_private() const {
  rwset::TxPvtReadWriteSet set;
  for (const auto& [name, ns] : namespaces_) {
    rwset::NsPvtReadWriteSet* out = nullptr;
    for (const auto& [collection_name, collection] : ns.collections) {
      if (!collection.has_writes()) continue;
      if (out == nullptr) {
        out = set.add_ns_pvt_rwset();
        out->set_namespace_(name);
      }
      *out->add_collection_pvt_rwset() = collection.build_private(collection_name);
    }
  }
  return set;
}

std::optional<TxRwset> parse_rwset(const rwset::TxReadWriteSet& set) {
  if (set.data_model() != rwset::TxReadWriteSet::KV) return std::nullopt;
  TxRwset parsed;
  parsed.reserve(static_cast<std::size_t>(set.ns_rwset_size()));
  for (const rwset::NsReadWriteSet& ns : set.ns_rwset()) {
    NamespaceRwset& out = parsed.emplace_back();
    out.ns = ns.namespace_();
    if (!parse(out.kv, ns.rwset())) return std::nullopt;
    for (const kvrwset::RangeQueryInfo& range : out.kv.range_queries_info()) {
      if (!is_possible(range)) return std::nullopt;
    }
    if (!parse_collections(ns, out.collections)) return std::nullopt;
  }
  return parsed;
}

bool is_delete(const kvrwset::KVWriteHash& write) {
  return write.is_delete() || write.value_hash().empty() || write.value_hash() == kHashOfEmpty;
}

}  // namespace ccbus::ledger
