#include "service/ledger/rwset.h"

#include <set>
#include <tuple>
#include <utility>

namespace ccbus::ledger {
namespace {

// No query gives a summary of so low a degree, and nothing could be compared with it.
bool is_possible(const kvrwset::RangeQueryInfo& range) {
  return !range.has_reads_merkle_hashes() || range.reads_merkle_hashes().max_degree() >= 2;
}

}  // namespace

RwsetBuilder::Namespace& RwsetBuilder::at(std::string_view ns) {
  const auto found = namespaces_.find(ns);
  return found != namespaces_.end() ? found->second : namespaces_[std::string(ns)];
}

void RwsetBuilder::add_read(std::string_view ns, std::string_view key,
                            const std::optional<Version>& version) {
  auto& reads = at(ns).reads;
  const auto place = reads.lower_bound(key);
  if (place != reads.end() && place->first == key) return;
  reads.emplace_hint(place, key, version);
}

void RwsetBuilder::add_write(std::string_view ns, std::string_view key, std::string value) {
  auto& writes = at(ns).writes;
  const auto place = writes.lower_bound(key);
  if (place != writes.end() && place->first == key) {
    place->second = std::move(value);
  } else {
    writes.emplace_hint(place, key, std::move(value));
  }
}

RangeQueryRecorder& RwsetBuilder::add_range(std::string_view ns, std::string_view start,
                                            std::string_view end) {
  return at(ns).ranges.emplace_back(start, end);
}

kvrwset::KVRWSet RwsetBuilder::build(const Namespace& ns) {
  kvrwset::KVRWSet set;
  for (const auto& [key, version] : ns.reads) {
    kvrwset::KVRead& read = *set.add_reads();
    read.set_key(key);
    if (!version) continue;
    read.mutable_version()->set_block_num(version->block_num);
    read.mutable_version()->set_tx_num(version->tx_num);
  }
  std::set<std::tuple<std::string, std::string, bool>> seen;
  for (const RangeQueryRecorder& range : ns.ranges) {
    if (!range.used()) continue;
    kvrwset::RangeQueryInfo info = range.info();
    if (!seen.emplace(info.start_key(), info.end_key(), info.itr_exhausted()).second) continue;
    *set.add_range_queries_info() = std::move(info);
  }
  for (const auto& [key, value] : ns.writes) {
    kvrwset::KVWrite& write = *set.add_writes();
    write.set_key(key);
    write.set_is_delete(value.empty());
    write.set_value(value);
  }
  return set;
}

rwset::TxReadWriteSet RwsetBuilder::build() const {
  rwset::TxReadWriteSet set;
  set.set_data_model(rwset::TxReadWriteSet::KV);
  for (const auto& [name, ns] : namespaces_) {
    const kvrwset::KVRWSet kv = build(ns);
    // A range of which nothing was asked leaves nothing.
    if (kv.ByteSizeLong() == 0) continue;
    rwset::NsReadWriteSet& out = *set.add_ns_rwset();
    out.set_namespace_(name);
    kv.SerializeToString(out.mutable_rwset());
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
    if (!out.kv.ParseFromString(ns.rwset())) return std::nullopt;
    for (const kvrwset::RangeQueryInfo& range : out.kv.range_queries_info()) {
      if (!is_possible(range)) return std::nullopt;
    }
  }
  return parsed;
}

std::optional<Version> version_of(const kvrwset::KVRead& read) {
  if (!read.has_version()) return std::nullopt;
  return Version{read.version().block_num(), read.version().tx_num()};
}

}  // namespace ccbus::ledger
