#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/ledger/rwset.pb.h"
#include "service/ids.h"
#include "service/ledger/range_iterator.h"
#include "service/ledger/rwset.h"
#include "service/ledger/state_view.h"
#include "service/result.h"

namespace ccbus::ledger {

// Runs one transaction against one view and collects its read-write set. Reads never see the
// transaction's own writes. Making one costs no input and no output; dropping one rolls back.
//
// Thread:   bus thread only.
// Blocks:   on a point read of the view at worst.
// Lifetime: keeps the view until done(). Must outlive its iterators (asserted).
// Errors:   kPrecondition with Fabric's text after done() and for combinations that Fabric
//           forbids; kIo and kCorrupt from the view.
class TxSimulator {
 public:
  TxSimulator(std::shared_ptr<const StateView> view, TxId tx_id);
  ~TxSimulator();
  TxSimulator(const TxSimulator&) = delete;
  TxSimulator& operator=(const TxSimulator&) = delete;

  // Nothing where the key is absent; either way the read is recorded, once for each key.
  [[nodiscard]] Result<std::optional<std::string>> get_state(std::string_view ns,
                                                             std::string_view key);

  // The last write to a key wins. An empty value deletes the key.
  [[nodiscard]] Result<void> set_state(std::string_view ns, std::string_view key,
                                       std::string value);
  [[nodiscard]] Result<void> delete_state(std::string_view ns, std::string_view key);

  // The keys from `start` up to and without `end`; an empty bound is open.
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> get_state_range(std::string_view ns,
                                                                       std::string_view start,
                                                                       std::string_view end);

  // As get_state_range, at most `page_size` results (0: no cap). Only for transactions that write
  // nothing, before or after.
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> get_state_range_page(
      std::string_view ns, std::string_view start, std::string_view end, std::uint32_t page_size);

  // Ends the simulation and lets the view go. Any number of times.
  void done();
  [[nodiscard]] bool is_done() const { return view_ == nullptr; }

  // What the transaction read and wrote so far, in Fabric's deterministic order. Once, before or
  // after done(); later calls change nothing in it.
  [[nodiscard]] Result<rwset::TxReadWriteSet> results();

 private:
  friend class RangeIterator;
  [[nodiscard]] Result<void> check_open() const;
  [[nodiscard]] Result<void> begin_write();
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> open_range(std::string_view ns,
                                                                  std::string_view start,
                                                                  std::string_view end,
                                                                  std::uint32_t page_size);
  [[nodiscard]] unexpected<Error> unsupported(std::string_view why) const;

  // Set once.
  TxId tx_id_;
  std::shared_ptr<const StateView> view_;  // Null after done().

  RwsetBuilder rwset_;
  int open_iterators_ = 0;
  bool write_performed_ = false;  // Also by a write that was refused later on.
  bool paginated_query_performed_ = false;
  bool results_taken_ = false;
};

}  // namespace ccbus::ledger
