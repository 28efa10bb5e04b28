#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/base/byte_budget.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/simulate/range_iterator.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

struct SimulationResults {
  rwset::TxReadWriteSet public_data;      // For the block; of private data only the hashes.
  rwset::TxPvtReadWriteSet private_data;  // The private writes; may be empty.
};

// How much memory the reads and writes of running transactions may take, as estimated.
struct SimulationLimits {
  std::size_t transaction_bytes_max = 64u << 20;  // Of one transaction.
  ByteBudget* all = nullptr;                      // Of all together; null: not limited.
};

// Runs one transaction against one view and collects its read-write set. Reads never see the
// transaction's own writes. Constructing one does no I/O; nothing is written anywhere until the
// results are committed.
//
// Thread:   bus thread only.
// Blocks:   at most on a point read of the view.
// Lifetime: holds the view until done().
// Errors:   kPrecondition with Fabric's text after done() and for combinations that Fabric
//           forbids; kInvalid with Fabric's text for a key or a value that the channel's state
//           database does not take; kExhausted at a limit, and then by every further read and
//           write; kIo and kCorrupt from the view.
class TxSimulator {
 public:
  // The budget outlives the simulator.
  TxSimulator(std::shared_ptr<const StateView> view, TxId tx_id, SimulationLimits limits = {});
  ~TxSimulator();
  TxSimulator(const TxSimulator&) = delete;
  TxSimulator& operator=(const TxSimulator&) = delete;

  // Reads one key into `found`, whose memory is used again. Returns false if the key does not
  // exist; `found` is then unspecified. The read is recorded in both cases, once for each key.
  [[nodiscard]] Result<bool> get_state(std::string_view ns, std::string_view key,
                                       VersionedValue& found);

  // As above, for a single read. Returns nullopt if the key does not exist.
  [[nodiscard]] Result<std::optional<std::string>> get_state(std::string_view ns,
                                                             std::string_view key);

  // Whether so many bytes more could be written; asked before they are decoded.
  // Errors: kExhausted.
  [[nodiscard]] Result<void> check_room(std::size_t bytes) const;

  // The last write to a key wins. An empty value deletes the key.
  [[nodiscard]] Result<void> set_state(std::string_view ns, std::string_view key,
                                       std::string value);
  [[nodiscard]] Result<void> delete_state(std::string_view ns, std::string_view key);

  // The keys from `start` to `end`, which is not included; an empty bound is open.
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> get_state_range(std::string_view ns,
                                                                       std::string_view start,
                                                                       std::string_view end);

  // As get_state_range, at most `page_size` results (0: no cap). Only for transactions that write
  // nothing, before or after.
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> get_state_range_page(
      std::string_view ns, std::string_view start, std::string_view end, std::uint32_t page_size);

  // --- Metadata of keys ----------------------------------------------------------------------

  // Empty if the key does not exist or has none. The read is recorded as by get_state().
  [[nodiscard]] Result<Metadata> get_state_metadata(std::string_view ns, std::string_view key);

  // Replaces all metadata of the key; empty metadata remove them.
  [[nodiscard]] Result<void> set_state_metadata(std::string_view ns, std::string_view key,
                                                Metadata metadata);

  // --- Private data: `ns` and `collection` name where -----------------------------------------
  // Further errors: kNotFound with Fabric's texts if the chaincode has no collections, or not this
  // one. Permissions are not checked here.

  // Errors: kPrecondition if the value does not have the version of the public hash.
  [[nodiscard]] Result<std::optional<std::string>> get_private_data(std::string_view ns,
                                                                    std::string_view collection,
                                                                    std::string_view key);
  // The same without comparing with the public hash.
  [[nodiscard]] Result<std::optional<std::string>> get_private_data_unmatched(
      std::string_view ns, std::string_view collection, std::string_view key);
  // SHA-256 of the value, 32 bytes.
  [[nodiscard]] Result<std::optional<std::string>> get_private_data_hash(
      std::string_view ns, std::string_view collection, std::string_view key);
  [[nodiscard]] Result<void> set_private_data(std::string_view ns, std::string_view collection,
                                              std::string_view key, std::string value);
  [[nodiscard]] Result<void> delete_private_data(std::string_view ns, std::string_view collection,
                                                 std::string_view key);
  // Deletes the key and every older value of it from the database.
  [[nodiscard]] Result<void> purge_private_data(std::string_view ns, std::string_view collection,
                                                std::string_view key);
  [[nodiscard]] Result<Metadata> get_private_data_metadata(std::string_view ns,
                                                           std::string_view collection,
                                                           std::string_view key);
  [[nodiscard]] Result<void> set_private_data_metadata(std::string_view ns,
                                                       std::string_view collection,
                                                       std::string_view key, Metadata metadata);
  // Not recorded in the read set. Only for transactions that write nothing, before or after.
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> get_private_data_range(
      std::string_view ns, std::string_view collection, std::string_view start,
      std::string_view end);

  // --- History and rich queries ----------------------------------------------------------------

  // Neither recorded nor validated. The cursor must not outlive the simulator.
  [[nodiscard]] Result<std::unique_ptr<HistoryCursor>> get_history(std::string_view ns,
                                                                   std::string_view key);

  // A rich query is about to run on query_view(), of public state (`collection` empty) or of
  // private data. Errors: those of the forbidden combinations, and an unknown collection.
  [[nodiscard]] Result<void> begin_query(std::string_view ns, std::string_view collection,
                                         bool paginated);

  // The view for a query. Any thread may read it and keep it. Not after done() (asserted).
  [[nodiscard]] std::shared_ptr<const StateView> query_view() const;

  // Records a key that was read on query_view(), once for each key; nullopt if it does not exist.
  void record_query_read(std::string_view ns, std::string_view key,
                         const std::optional<Version>& version);

  // As record_query_read(), for a key of a collection; nullopt if the key does not exist.
  void record_private_read(std::string_view ns, std::string_view collection, std::string_view key,
                           const std::optional<Version>& version);

  // Counts what an iterator has added to the read set. Call it when its results were returned.
  void count_reads(RangeIterator& range);

  // The chaincode's definition on this view, read once; null if it has none. The read is not
  // recorded. Valid as long as the simulator.
  [[nodiscard]] Result<const ccbus::ChaincodeDefinition*> definition(std::string_view chaincode);

  // Why the state cannot be read at all, as StateView::refusal(). Not after done() (asserted).
  [[nodiscard]] const Error* refusal() const;

  // Ends the simulation and releases the view. May be called any number of times.
  void done();
  [[nodiscard]] bool is_done() const { return view_ == nullptr; }

  // What the transaction read and wrote so far, in Fabric's deterministic order. To be called once,
  // before or after done(); later operations do not change the result.
  [[nodiscard]] Result<SimulationResults> results();

 private:
  [[nodiscard]] Result<void> check_open() const;
  // Counts what the read-write set has grown by.
  [[nodiscard]] Result<void> count(std::ptrdiff_t growth);
  enum class Full { kNo, kOfItself, kOfAll };
  [[nodiscard]] Full fullness(std::size_t more) const;
  [[nodiscard]] unexpected<Error> too_large(Full why) const;
  [[nodiscard]] Result<void> begin_write();
  [[nodiscard]] Result<void> begin_private_query();
  [[nodiscard]] Result<void> begin_paginated_query();
  [[nodiscard]] Result<void> check_collection(std::string_view ns, std::string_view collection);
  [[nodiscard]] Result<CollectionRwset*> begin_private_write(std::string_view ns,
                                                             std::string_view collection);
  [[nodiscard]] Result<std::optional<VersionedValue>> read_hash(std::string_view ns,
                                                                std::string_view collection,
                                                                std::string_view key);
  [[nodiscard]] Result<std::unique_ptr<RangeIterator>> open_range(std::string_view ns,
                                                                  std::string_view start,
                                                                  std::string_view end,
                                                                  std::uint32_t page_size);
  [[nodiscard]] std::unique_ptr<RangeIterator> iterate(std::unique_ptr<StateCursor> cursor,
                                                       std::shared_ptr<RangeQueryRecorder> recorder,
                                                       std::uint32_t page_size);
  [[nodiscard]] unexpected<Error> unsupported(std::string_view why) const;

  // Set once.
  TxId tx_id_;
  std::shared_ptr<const StateView> view_;  // Null after done().

  const SimulationLimits limits_;

  RwsetBuilder rwset_;
  std::size_t bytes_ = 0;  // Of rwset_; counted in limits_.all.
  Full full_ = Full::kNo;  // A limit was reached: something is in rwset_ that is not counted.
  std::map<std::string, std::optional<ccbus::ChaincodeDefinition>, std::less<>> definitions_;
  std::shared_ptr<std::atomic<bool>> done_;  // For iterators; made with the first one.
  bool write_performed_ = false;             // Also by a write that was refused.
  bool private_query_performed_ = false;
  bool paginated_query_performed_ = false;
  bool results_taken_ = false;
};

}  // namespace ccbus::ledger
