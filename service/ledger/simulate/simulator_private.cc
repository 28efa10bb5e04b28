// What a transaction may do with private data, and in which words it is refused.
#include <utility>

#include "service/base/sha256.h"
#include "service/ledger/simulate/simulator.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/state/key_rules.h"

namespace ccbus::ledger {
namespace {

// As Go prints a version, since the text is Fabric's.
std::string go_text(const std::optional<Version>& version) {
  if (!version) return "<nil>";
  return "{BlockNum: " + std::to_string(version->block_num) +
         ", TxNum: " + std::to_string(version->tx_num) + "}";
}

std::optional<Version> version_in(const std::optional<VersionedValue>& found) {
  if (!found) return std::nullopt;
  return found->version;
}

std::optional<std::string> value_in(std::optional<VersionedValue>& found) {
  if (!found) return std::nullopt;
  return std::move(found->value);
}

}  // namespace

Result<void> TxSimulator::check_collection(std::string_view ns, std::string_view collection) {
  if (is_implicit_collection(collection)) return {};
  auto defined = definition(ns);
  if (!defined) return unexpected(defined.error());
  if (*defined == nullptr || (*defined)->collections().empty()) {
    return fail(ErrorCode::kNotFound,
                "collection config not defined for chaincode [" + std::string(ns) +
                    "], pass the collection configuration upon chaincode definition/instantiation");
  }
  if (find_collection(**defined, collection) != nullptr) return {};
  return fail(ErrorCode::kNotFound, "collection [" + std::string(collection) +
                                        "] not defined in the collection config for chaincode [" +
                                        std::string(ns) + "]");
}

Result<std::optional<std::string>> TxSimulator::get_private_data(std::string_view ns,
                                                                 std::string_view collection,
                                                                 std::string_view key) {
  if (auto known = check_collection(ns, collection); !known) return unexpected(known.error());
  if (auto open = check_open(); !open) return unexpected(open.error());
  if (auto sound = check_key(view_->state_database(), key); !sound)
    return unexpected(sound.error());
  auto found = view_->get(private_namespace(ns, collection), key);
  if (!found) return unexpected(found.error());
  auto hash_version = view_->version_of(hash_namespace(ns, collection), sha256({key}));
  if (!hash_version) return unexpected(hash_version.error());
  const std::optional<Version> version = version_in(*found);
  if (*hash_version != version) {
    return fail(ErrorCode::kPrecondition,
                "private data matching public hash version is not available. Public hash version "
                "= " +
                    go_text(*hash_version) + ", Private data version = " + go_text(version));
  }
  if (auto counted = count(rwset_.collection(ns, collection).add_read(key, version)); !counted)
    return unexpected(counted.error());
  return value_in(*found);
}

Result<std::optional<std::string>> TxSimulator::get_private_data_unmatched(
    std::string_view ns, std::string_view collection, std::string_view key) {
  if (auto known = check_collection(ns, collection); !known) return unexpected(known.error());
  if (auto open = check_open(); !open) return unexpected(open.error());
  if (auto sound = check_key(view_->state_database(), key); !sound)
    return unexpected(sound.error());
  auto found = view_->get(private_namespace(ns, collection), key);
  if (!found) return unexpected(found.error());
  const auto version = version_in(*found);
  if (auto counted = count(rwset_.collection(ns, collection).add_read(key, version)); !counted)
    return unexpected(counted.error());
  return value_in(*found);
}

Result<std::optional<VersionedValue>> TxSimulator::read_hash(std::string_view ns,
                                                             std::string_view collection,
                                                             std::string_view key) {
  if (auto known = check_collection(ns, collection); !known) return unexpected(known.error());
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto found = view_->get(hash_namespace(ns, collection), sha256({key}));
  if (!found) return found;
  const auto version = version_in(*found);
  if (auto counted = count(rwset_.collection(ns, collection).add_read(key, version)); !counted)
    return unexpected(counted.error());
  return found;
}

Result<std::optional<std::string>> TxSimulator::get_private_data_hash(std::string_view ns,
                                                                      std::string_view collection,
                                                                      std::string_view key) {
  auto found = read_hash(ns, collection, key);
  if (!found) return unexpected(found.error());
  return value_in(*found);
}

Result<Metadata> TxSimulator::get_private_data_metadata(std::string_view ns,
                                                        std::string_view collection,
                                                        std::string_view key) {
  auto found = read_hash(ns, collection, key);
  if (!found) return unexpected(found.error());
  if (!*found) return Metadata();
  return metadata_of(**found);
}

Result<CollectionRwset*> TxSimulator::begin_private_write(std::string_view ns,
                                                          std::string_view collection) {
  if (auto known = check_collection(ns, collection); !known) return unexpected(known.error());
  if (auto allowed = begin_write(); !allowed) return unexpected(allowed.error());
  return &rwset_.collection(ns, collection);
}

Result<void> TxSimulator::set_private_data(std::string_view ns, std::string_view collection,
                                           std::string_view key, std::string value) {
  auto set = begin_private_write(ns, collection);
  if (!set) return unexpected(set.error());
  if (auto room = check_room(key.size() + value.size()); !room) return room;
  if (auto sound = check_write(view_->state_database(), key, value); !sound) return sound;
  return count((*set)->add_write(key, std::move(value)));
}

Result<void> TxSimulator::delete_private_data(std::string_view ns, std::string_view collection,
                                              std::string_view key) {
  return set_private_data(ns, collection, key, std::string());
}

Result<void> TxSimulator::purge_private_data(std::string_view ns, std::string_view collection,
                                             std::string_view key) {
  auto set = begin_private_write(ns, collection);
  if (!set) return unexpected(set.error());
  return count((*set)->add_purge(key));
}

Result<void> TxSimulator::set_private_data_metadata(std::string_view ns,
                                                    std::string_view collection,
                                                    std::string_view key, Metadata metadata) {
  auto set = begin_private_write(ns, collection);
  if (!set) return unexpected(set.error());
  return count((*set)->add_metadata_write(key, std::move(metadata)));
}

// As with writes: a query counts before it runs.
Result<void> TxSimulator::begin_private_query() {
  if (write_performed_) {
    return unsupported("Queries on pvt data is supported only in a read-only transaction");
  }
  private_query_performed_ = true;
  return {};
}

Result<std::unique_ptr<RangeIterator>> TxSimulator::get_private_data_range(
    std::string_view ns, std::string_view collection, std::string_view start,
    std::string_view end) {
  if (auto allowed = begin_private_query(); !allowed) return unexpected(allowed.error());
  if (auto known = check_collection(ns, collection); !known) return unexpected(known.error());
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto cursor = view_->range(private_namespace(ns, collection), start, end);
  if (!cursor) return unexpected(cursor.error());
  return iterate(std::move(*cursor), nullptr, 0);
}

void TxSimulator::record_private_read(std::string_view ns, std::string_view collection,
                                      std::string_view key, const std::optional<Version>& version) {
  // At a limit every later read and write is refused.
  static_cast<void>(count(rwset_.collection(ns, collection).add_read(key, version)));
}

}  // namespace ccbus::ledger
