#include "service/ledger/simulate/simulator.h"

#include <utility>

#include "service/base/assert.h"
#include "service/ledger/state/definition.h"

namespace ccbus::ledger {

TxSimulator::TxSimulator(std::shared_ptr<const StateView> view, TxId tx_id)
    : tx_id_(std::move(tx_id)), view_(std::move(view)) {
  CCBUS_ASSERT(view_ != nullptr);
}

TxSimulator::~TxSimulator() {
  CCBUS_ASSERT(open_iterators_ == 0);
}

void TxSimulator::done() {
  view_.reset();
}

Result<void> TxSimulator::check_open() const {
  if (!is_done()) return {};
  return fail(ErrorCode::kPrecondition, "this instance should not be used after calling Done()");
}

unexpected<Error> TxSimulator::unsupported(std::string_view why) const {
  // The misspelling is Fabric's, and part of what its clients see.
  return fail(ErrorCode::kPrecondition,
              "txid [" + tx_id_.value + "]: unsuppored transaction. " + std::string(why));
}

Result<bool> TxSimulator::get_state(std::string_view ns, std::string_view key,
                                    VersionedValue& found) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto present = view_->read(ns, key, found);
  if (present) rwset_.add_read(ns, key, *present ? std::optional(found.version) : std::nullopt);
  return present;
}

Result<std::optional<std::string>> TxSimulator::get_state(std::string_view ns,
                                                          std::string_view key) {
  VersionedValue found;
  const auto present = get_state(ns, key, found);
  if (!present) return unexpected(present.error());
  if (!*present) return std::nullopt;
  return std::move(found.value);
}

Result<std::vector<std::optional<std::string>>> TxSimulator::get_states(
    std::string_view ns, std::span<const std::string> keys) {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) {
    auto value = get_state(ns, key);
    if (!value) return unexpected(value.error());
    values.push_back(std::move(*value));
  }
  return values;
}

Result<Metadata> TxSimulator::get_state_metadata(std::string_view ns, std::string_view key) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto found = view_->get(ns, key);
  if (!found) return unexpected(found.error());
  if (!*found) {
    rwset_.add_read(ns, key, std::nullopt);
    return Metadata();
  }
  rwset_.add_read(ns, key, (*found)->version);
  return metadata_of(**found);
}

// The order of the checks is Fabric's, and so is that a write counts before its key and value are
// looked at.
Result<void> TxSimulator::begin_write() {
  if (auto open = check_open(); !open) return open;
  if (private_query_performed_) {
    return unsupported(
        "Transaction has already performed queries on pvt data. Writes are not allowed");
  }
  if (paginated_query_performed_) {
    return unsupported(
        "Transaction has already performed a paginated query. Writes are not allowed");
  }
  write_performed_ = true;
  return {};
}

Result<void> TxSimulator::set_state(std::string_view ns, std::string_view key, std::string value) {
  if (auto allowed = begin_write(); !allowed) return allowed;
  rwset_.add_write(ns, key, std::move(value));
  return {};
}

Result<void> TxSimulator::delete_state(std::string_view ns, std::string_view key) {
  return set_state(ns, key, std::string());
}

Result<void> TxSimulator::set_state_metadata(std::string_view ns, std::string_view key,
                                             Metadata metadata) {
  if (auto allowed = begin_write(); !allowed) return allowed;
  rwset_.add_metadata_write(ns, key, std::move(metadata));
  return {};
}

// As with writes: a query counts before it runs.
Result<void> TxSimulator::begin_paginated_query() {
  if (write_performed_) {
    return unsupported("Paginated queries are supported only in a read-only transaction");
  }
  paginated_query_performed_ = true;
  return {};
}

Result<std::unique_ptr<RangeIterator>> TxSimulator::get_state_range(std::string_view ns,
                                                                    std::string_view start,
                                                                    std::string_view end) {
  return open_range(ns, start, end, 0);
}

Result<std::unique_ptr<RangeIterator>> TxSimulator::get_state_range_page(std::string_view ns,
                                                                         std::string_view start,
                                                                         std::string_view end,
                                                                         std::uint32_t page_size) {
  if (auto allowed = begin_paginated_query(); !allowed) return unexpected(allowed.error());
  return open_range(ns, start, end, page_size);
}

Result<std::unique_ptr<RangeIterator>> TxSimulator::open_range(std::string_view ns,
                                                               std::string_view start,
                                                               std::string_view end,
                                                               std::uint32_t page_size) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto cursor = view_->range(ns, start, end);
  if (!cursor) return unexpected(cursor.error());
  return std::unique_ptr<RangeIterator>(new RangeIterator(
      *this, view_, std::move(*cursor), &rwset_.add_range(ns, start, end), page_size));
}

Result<std::unique_ptr<HistoryCursor>> TxSimulator::get_history(std::string_view ns,
                                                                std::string_view key) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  return view_->history(ns, key);
}

Result<void> TxSimulator::begin_query(std::string_view ns, std::string_view collection,
                                      bool paginated) {
  if (!collection.empty()) {
    if (auto allowed = begin_private_query(); !allowed) return allowed;
    if (auto known = check_collection(ns, collection); !known) return known;
  } else if (paginated) {
    if (auto allowed = begin_paginated_query(); !allowed) return allowed;
  }
  return check_open();
}

std::shared_ptr<const StateView> TxSimulator::query_view() const {
  CCBUS_ASSERT(!is_done());
  auto shared = view_->for_any_thread();
  return shared != nullptr ? shared : view_;
}

void TxSimulator::record_query_read(std::string_view ns, std::string_view key,
                                    const Version& version) {
  rwset_.add_read(ns, key, version);
}

Result<const ccbus::ChaincodeDefinition*> TxSimulator::definition(std::string_view chaincode) {
  auto known = definitions_.find(chaincode);
  if (known == definitions_.end()) {
    if (auto open = check_open(); !open) return unexpected(open.error());
    auto found = find_definition(*view_, chaincode);
    if (!found) return unexpected(found.error());
    known = definitions_.emplace(std::string(chaincode), std::move(*found)).first;
  }
  return known->second ? &*known->second : nullptr;
}

Result<SimulationResults> TxSimulator::results() {
  if (results_taken_) {
    return fail(ErrorCode::kPrecondition,
                "this function should only be called once on a transaction simulator instance");
  }
  results_taken_ = true;
  return SimulationResults{rwset_.build(), rwset_.build_private()};
}

}  // namespace ccbus::ledger
