#include "service/cli/json/rwset_json.h"

#include <nlohmann/json.hpp>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/base/hex.h"
#include "service/cli/json/json_values.h"

namespace ccbus::cli {
namespace {

template <class Message>
ordered_json version_or_null(const Message& read) {
  return read.has_version() ? version_json(read.version()) : ordered_json(nullptr);
}

ordered_json reads_json(const google::protobuf::RepeatedPtrField<kvrwset::KVRead>& reads) {
  ordered_json list = ordered_json::array();
  for (const auto& read : reads) {
    list.push_back({{"key", read.key()}, {"version", version_or_null(read)}});
  }
  return list;
}

ordered_json range_json(const kvrwset::RangeQueryInfo& range) {
  ordered_json object{
      {"start", range.start_key()}, {"end", range.end_key()}, {"exhausted", range.itr_exhausted()}};
  if (range.has_raw_reads()) object["reads"] = reads_json(range.raw_reads().kv_reads());
  if (range.has_reads_merkle_hashes()) {
    object["merkle_level"] = range.reads_merkle_hashes().max_level();
  }
  return object;
}

template <class Entries>
ordered_json metadata_json(const Entries& entries) {
  ordered_json object = ordered_json::object();
  for (const auto& entry : entries) add_bytes(object, entry.name(), entry.value());
  return object;
}

ordered_json writes_json(const kvrwset::KVRWSet& set) {
  ordered_json list = ordered_json::array();
  for (const auto& write : set.writes()) {
    ordered_json object{{"key", write.key()}, {"is_delete", write.is_delete()}};
    if (!write.is_delete()) add_bytes(object, "value", write.value());
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json collection_json(const rwset::CollectionHashedReadWriteSet& collection) {
  kvrwset::HashedRWSet set;
  if (!set.ParseFromString(collection.hashed_rwset())) return nullptr;
  ordered_json reads = ordered_json::array();
  for (const auto& read : set.hashed_reads()) {
    reads.push_back({{"key_hash", to_hex(read.key_hash())}, {"version", version_or_null(read)}});
  }
  ordered_json writes = ordered_json::array();
  for (const auto& write : set.hashed_writes()) {
    writes.push_back({{"key_hash", to_hex(write.key_hash())},
                      {"is_delete", write.is_delete()},
                      {"is_purge", write.is_purge()},
                      {"value_hash", to_hex(write.value_hash())}});
  }
  ordered_json metadata = ordered_json::array();
  for (const auto& write : set.metadata_writes()) {
    metadata.push_back(
        {{"key_hash", to_hex(write.key_hash())}, {"entries", metadata_json(write.entries())}});
  }
  return {{"collection", collection.collection_name()},
          {"private_rwset_hash", to_hex(collection.pvt_rwset_hash())},
          {"hashed_reads", std::move(reads)},
          {"hashed_writes", std::move(writes)},
          {"metadata_writes", std::move(metadata)}};
}

ordered_json namespace_json(const rwset::NsReadWriteSet& ns) {
  kvrwset::KVRWSet set;
  if (!set.ParseFromString(ns.rwset())) return nullptr;
  ordered_json ranges = ordered_json::array();
  for (const auto& range : set.range_queries_info()) ranges.push_back(range_json(range));
  ordered_json metadata = ordered_json::array();
  for (const auto& write : set.metadata_writes()) {
    metadata.push_back({{"key", write.key()}, {"entries", metadata_json(write.entries())}});
  }
  ordered_json collections = ordered_json::array();
  for (const auto& collection : ns.collection_hashed_rwset()) {
    collections.push_back(collection_json(collection));
  }
  return {{"namespace", ns.namespace_()},
          {"reads", reads_json(set.reads())},
          {"ranges", std::move(ranges)},
          {"writes", writes_json(set)},
          {"metadata_writes", std::move(metadata)},
          {"collections", std::move(collections)}};
}

}  // namespace

ordered_json rwset_json(const std::string& results) {
  rwset::TxReadWriteSet set;
  if (!set.ParseFromString(results)) return nullptr;
  ordered_json list = ordered_json::array();
  for (const auto& ns : set.ns_rwset()) list.push_back(namespace_json(ns));
  return list;
}

}  // namespace ccbus::cli
