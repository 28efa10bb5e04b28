#include "service/ledger/simulate/simulator.h"

#include <utility>

#include "service/base/assert.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/key_rules.h"

namespace ccbus::ledger {
namespace {

constexpr std::ptrdiff_t kRangeBytes = 4 * kEntryBytes;  // A range without its reads and bounds.

}  // namespace

TxSimulator::TxSimulator(std::shared_ptr<const StateView> view, TxId tx_id, SimulationLimits limits)
    : tx_id_(std::move(tx_id)), view_(std::move(view)), limits_(limits) {
  CCBUS_ASSERT(view_ != nullptr);
}

TxSimulator::~TxSimulator() {
  done();
  if (limits_.all != nullptr) limits_.all->give_back(bytes_);
}

void TxSimulator::done() {
  view_.reset();
  if (done_ != nullptr) done_->store(true, std::memory_order_relaxed);
}

Result<void> TxSimulator::check_open() const {
  if (full_ != Full::kNo) return too_large(full_);
  if (!is_done()) return {};
  return fail(ErrorCode::kPrecondition, std::string(kUsedAfterDone));
}

TxSimulator::Full TxSimulator::fullness(std::size_t more) const {
  if (more > limits_.transaction_bytes_max - bytes_) return Full::kOfItself;
  const bool has_room = limits_.all == nullptr || more + limits_.all->used() <= limits_.all->max();
  return has_room ? Full::kNo : Full::kOfAll;
}

unexpected<Error> TxSimulator::too_large(Full why) const {
  return fail(ErrorCode::kExhausted,
              why == Full::kOfItself
                  ? "the reads and writes of the transaction take more than " +
                        std::to_string(limits_.transaction_bytes_max) +
                        " bytes (limits.transactionBytes)"
                  : "the reads and writes of all running transactions take more than " +
                        std::to_string(limits_.all->max()) + " bytes (limits.transactionsBytes)");
}

Result<void> TxSimulator::check_room(std::size_t bytes) const {
  const Full full = full_ != Full::kNo ? full_ : fullness(bytes);
  if (full == Full::kNo) return {};
  return too_large(full);
}

Result<void> TxSimulator::count(std::ptrdiff_t growth) {
  if (growth > 0) {
    const auto more = static_cast<std::size_t>(growth);
    full_ = fullness(more);
    if (full_ != Full::kNo) return too_large(full_);
    bytes_ += more;
    if (limits_.all != nullptr) limits_.all->add(more);
  } else if (growth < 0) {
    const auto less = static_cast<std::size_t>(-growth);
    bytes_ -= less;
    if (limits_.all != nullptr) limits_.all->give_back(less);
  }
  return {};
}

unexpected<Error> TxSimulator::unsupported(std::string_view why) const {
  // The misspelling is Fabric's, and part of what its clients see.
  return fail(ErrorCode::kPrecondition,
              "txid [" + tx_id_.value + "]: unsuppored transaction. " + std::string(why));
}

Result<bool> TxSimulator::get_state(std::string_view ns, std::string_view key,
                                    VersionedValue& found) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  if (auto sound = check_key(view_->state_database(), key); !sound)
    return unexpected(sound.error());
  auto present = view_->read(ns, key, found);
  if (!present) return present;
  const auto version = *present ? std::optional(found.version) : std::nullopt;
  if (auto counted = count(rwset_.add_read(ns, key, version)); !counted)
    return unexpected(counted.error());
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

Result<Metadata> TxSimulator::get_state_metadata(std::string_view ns, std::string_view key) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  if (auto sound = check_key(view_->state_database(), key); !sound)
    return unexpected(sound.error());
  auto found = view_->get(ns, key);
  if (!found) return unexpected(found.error());
  const auto version = *found ? std::optional((*found)->version) : std::nullopt;
  if (auto counted = count(rwset_.add_read(ns, key, version)); !counted)
    return unexpected(counted.error());
  return *found ? metadata_of(**found) : Metadata();
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
  if (auto room = check_room(key.size() + value.size()); !room) return room;
  if (auto sound = check_write(view_->state_database(), key, value); !sound) return sound;
  return count(rwset_.add_write(ns, key, std::move(value)));
}

Result<void> TxSimulator::delete_state(std::string_view ns, std::string_view key) {
  return set_state(ns, key, std::string());
}

Result<void> TxSimulator::set_state_metadata(std::string_view ns, std::string_view key,
                                             Metadata metadata) {
  if (auto allowed = begin_write(); !allowed) return allowed;
  return count(rwset_.add_metadata_write(ns, key, std::move(metadata)));
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
  if (auto counted = count(signed_size(start) + signed_size(end) + kRangeBytes); !counted)
    return unexpected(counted.error());
  auto cursor = view_->range(ns, start, end);
  if (!cursor) return unexpected(cursor.error());
  return iterate(std::move(*cursor), rwset_.add_range(ns, start, end), page_size);
}

std::unique_ptr<RangeIterator> TxSimulator::iterate(std::unique_ptr<StateCursor> cursor,
                                                    std::shared_ptr<RangeQueryRecorder> recorder,
                                                    std::uint32_t page_size) {
  if (done_ == nullptr) done_ = std::make_shared<std::atomic<bool>>(false);
  return std::make_unique<RangeIterator>(done_, query_view(), std::move(cursor),
                                         std::move(recorder), page_size);
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

const Error* TxSimulator::refusal() const {
  CCBUS_ASSERT(!is_done());
  return view_->refusal();
}

std::shared_ptr<const StateView> TxSimulator::query_view() const {
  CCBUS_ASSERT(!is_done());
  auto shared = view_->for_any_thread();
  return shared != nullptr ? shared : view_;
}

void TxSimulator::count_reads(RangeIterator& range) {
  static_cast<void>(count(range.take_growth()));  // As in record_query_read().
}

void TxSimulator::record_query_read(std::string_view ns, std::string_view key,
                                    const std::optional<Version>& version) {
  // At a limit every later read and write is refused.
  static_cast<void>(count(rwset_.add_read(ns, key, version)));
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
