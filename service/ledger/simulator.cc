#include "service/ledger/simulator.h"

#include <utility>

#include "service/assert.h"

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

Result<std::optional<std::string>> TxSimulator::get_state(std::string_view ns,
                                                          std::string_view key) {
  if (auto open = check_open(); !open) return unexpected(open.error());
  auto found = view_->get(ns, key);
  if (!found) return unexpected(found.error());
  if (!*found) {
    rwset_.add_read(ns, key, std::nullopt);
    return std::nullopt;
  }
  rwset_.add_read(ns, key, (*found)->version);
  return std::move((*found)->value);
}

// The order of the checks is Fabric's, and so is that a write counts before its key and value are
// looked at.
Result<void> TxSimulator::begin_write() {
  if (auto open = check_open(); !open) return open;
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

Result<std::unique_ptr<RangeIterator>> TxSimulator::get_state_range(std::string_view ns,
                                                                    std::string_view start,
                                                                    std::string_view end) {
  return open_range(ns, start, end, 0);
}

Result<std::unique_ptr<RangeIterator>> TxSimulator::get_state_range_page(std::string_view ns,
                                                                         std::string_view start,
                                                                         std::string_view end,
                                                                         std::uint32_t page_size) {
  if (write_performed_) {
    return unsupported("Paginated queries are supported only in a read-only transaction");
  }
  paginated_query_performed_ = true;
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
      *this, view_, std::move(*cursor), rwset_.add_range(ns, start, end), page_size));
}

Result<SimulationResults> TxSimulator::results() {
  if (results_taken_) {
    return fail(ErrorCode::kPrecondition,
                "this function should only be called once on a transaction simulator instance");
  }
  results_taken_ = true;
  return SimulationResults{rwset_.build(), {}};
}

}  // namespace ccbus::ledger
