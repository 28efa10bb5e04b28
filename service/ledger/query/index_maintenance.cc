#include "service/ledger/query/index_maintenance.h"

#include <algorithm>
#include <utility>

#include "service/ledger/query/mango/json.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {
namespace {

using mango::Index;
using mango::Json;

bool has_id(const std::vector<Index>& indexes, const std::string& id) {
  return std::any_of(indexes.begin(), indexes.end(),
                     [&id](const Index& index) { return index.id == id; });
}

std::optional<std::string> sort_key_of(const Index& index, const std::string& key,
                                       const std::optional<Json>& document) {
  if (!document) return std::nullopt;
  return mango::sort_key(index, key, *document);
}

std::optional<Json> document_of(const std::optional<VersionedValue>& value) {
  if (!value) return std::nullopt;
  return mango::parse_document(value->value);
}

}  // namespace

// A definition that cannot be read names no index: it must not stop the channel.
void IndexMaintenance::add_wanted(const std::string& chaincode, const std::string& definition,
                                  Wanted& wanted) {
  ccbus::ChaincodeDefinition decoded;
  if (!decoded.ParseFromString(definition)) return;
  for (const ccbus::IndexConfig& config : decoded.indexes()) {
    auto index = Index::of(config);
    if (!index) continue;
    const std::string ns =
        config.collection().empty() ? chaincode : private_namespace(chaincode, config.collection());
    auto& indexes = wanted[ns];
    if (!has_id(indexes, index->id)) indexes.push_back(std::move(*index));
  }
}

Result<IndexMaintenance> IndexMaintenance::open(std::shared_ptr<Store> store,
                                                const StateView& committed) {
  IndexMaintenance opened(store);
  auto stored = stored_indexes(*store);
  if (!stored) return unexpected(stored.error());
  for (StoredIndex& found : *stored) {
    Maintained kept;
    kept.index.id = std::move(found.id);
    kept.progress = std::move(found.progress);
    opened.namespaces_[found.ns].push_back(std::move(kept));
  }

  Wanted wanted;
  auto definitions = committed.range(kLifecycleNamespace, "", "");
  if (!definitions) return unexpected(definitions.error());
  for (;;) {
    auto entry = (*definitions)->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) break;
    add_wanted(std::string((*entry)->key), std::string((*entry)->value), wanted);
  }
  for (const auto& [ns, indexes] : opened.namespaces_) wanted[ns];
  rocksdb::WriteBatch batch;
  for (const auto& [ns, indexes] : wanted) opened.settle(batch, ns, indexes);
  if (batch.Count() != 0) {
    if (auto written = store->write_synced(batch); !written) return unexpected(written.error());
  }
  return opened;
}

// Makes the indexes of a namespace those that are wanted. What stays keeps its progress.
void IndexMaintenance::settle(rocksdb::WriteBatch& batch, const std::string& ns,
                              const std::vector<Index>& wanted) {
  Namespace before = std::exchange(namespaces_[ns], {});
  for (const Maintained& known : before) {
    if (!has_id(wanted, known.index.id)) delete_index(batch, *store_, {ns, known.index.id});
  }
  Namespace& now = namespaces_[ns];
  for (const Index& index : wanted) {
    const auto known = std::find_if(
        before.begin(), before.end(),
        [&index](const Maintained& maintained) { return maintained.index.id == index.id; });
    if (known != before.end()) {
      now.push_back({index, std::move(known->progress), known->documents});
    } else {
      put_index_progress(batch, *store_, {ns, index.id}, {});
      now.push_back({index, {}, 0});
    }
  }
  if (now.empty()) namespaces_.erase(ns);
}

void IndexMaintenance::redefine(rocksdb::WriteBatch& batch, const std::string& chaincode,
                                const Wanted& wanted) {
  Wanted all = wanted;
  all[chaincode];
  const std::string collections = private_namespace(chaincode, "");
  for (const auto& [ns, indexes] : namespaces_) {
    if (ns.starts_with(collections)) all[ns];
  }
  for (const auto& [ns, indexes] : all) settle(batch, ns, indexes);
}

Result<void> IndexMaintenance::add_keys(rocksdb::WriteBatch& batch, const std::string& ns,
                                        const BlockUpdates::Keys& keys, const Namespace& indexes,
                                        const StateView& committed) const {
  for (const auto& [key, value] : keys) {
    auto stored = committed.get(ns, key);
    if (!stored) return unexpected(stored.error());
    const auto before = document_of(*stored);
    const auto after = document_of(value);
    for (const Maintained& maintained : indexes) {
      const IndexProgress& progress = maintained.progress;
      const bool is_met_later =
          !progress.is_complete && (!progress.last_key || key > *progress.last_key);
      if (is_met_later) continue;
      const Index& index = maintained.index;
      const auto old_key = sort_key_of(index, key, before);
      const auto new_key = sort_key_of(index, key, after);
      if (old_key == new_key) continue;
      if (old_key) delete_index_entry(batch, *store_, {ns, index.id}, {*old_key, key});
      if (new_key) put_index_entry(batch, *store_, {ns, index.id}, {*new_key, key});
    }
  }
  return {};
}

Result<void> IndexMaintenance::add_block(rocksdb::WriteBatch& batch, const BlockUpdates& updates,
                                         const StateView& committed) {
  for (const auto& [ns, indexes] : namespaces_) {
    const auto keys = updates.namespaces().find(ns);
    if (keys == updates.namespaces().end()) continue;
    auto added = add_keys(batch, ns, keys->second, indexes, committed);
    if (!added) return added;
  }
  const auto definitions = updates.namespaces().find(kLifecycleNamespace);
  if (definitions == updates.namespaces().end()) return {};
  for (const auto& [chaincode, definition] : definitions->second) {
    Wanted wanted;
    if (definition) add_wanted(chaincode, definition->value, wanted);
    redefine(batch, chaincode, wanted);
  }
  return {};
}

bool IndexMaintenance::has_work() const {
  return std::any_of(namespaces_.begin(), namespaces_.end(), [](const auto& entry) {
    return std::any_of(entry.second.begin(), entry.second.end(),
                       [](const Maintained& known) { return !known.progress.is_complete; });
  });
}

Result<IndexBuild> IndexMaintenance::build(std::size_t documents_max, const StateView& committed) {
  for (auto& [ns, indexes] : namespaces_) {
    for (Maintained& maintained : indexes) {
      if (maintained.progress.is_complete) continue;
      IndexProgress& progress = maintained.progress;
      const Index& index = maintained.index;
      // The first key after the last one is that key with a NUL behind it.
      auto cursor =
          committed.range(ns, progress.last_key ? *progress.last_key + '\0' : std::string(), "");
      if (!cursor) return unexpected(cursor.error());
      rocksdb::WriteBatch batch;
      for (std::size_t i = 0; i < documents_max && !progress.is_complete; ++i) {
        auto entry = (*cursor)->next();
        if (!entry) return unexpected(entry.error());
        progress.is_complete = !*entry;
        if (progress.is_complete) break;
        progress.last_key = std::string((*entry)->key);
        ++maintained.documents;
        const auto bytes =
            sort_key_of(index, *progress.last_key, mango::parse_document((*entry)->value));
        if (bytes) put_index_entry(batch, *store_, {ns, index.id}, {*bytes, *progress.last_key});
      }
      put_index_progress(batch, *store_, {ns, index.id}, progress);
      if (auto written = store_->write(batch); !written) return unexpected(written.error());
      return IndexBuild{ns + "/" + index.design_document + "/" + index.name, maintained.documents,
                        progress.is_complete, has_work()};
    }
  }
  return IndexBuild{};
}

}  // namespace ccbus::ledger
