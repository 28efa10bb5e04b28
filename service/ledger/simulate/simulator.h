#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/simulate/range_iterator.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

struct SimulationResults {
  rwset::TxReadWriteSet public_data;      // What goes into the block; private data only by hashes.
  rwset::TxPvtReadWriteSet private_data;  // The private writes themselves; perhaps none.
};

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

  // Reads one key into `found`, which keeps its memory from read to read. False: the key is absent,
  // and `found` holds anything. Either way the read is recorded, once for each key.
  [[nodiscard]] Result<bool> get_state(std::string_view ns, std::string_view key,
                                       VersionedValue& found);

  // As above, for who reads once. Nothing where the key is absent.
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

  // As get_state for each key; values by position.
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> get_states(
      std::string_view ns, std::span<const std::string> keys);

  // --- Metadata of keys ----------------------------------------------------------------------

  // Empty where the key is absent or has none. The read is recorded like get_state's.
  [[nodiscard]] Result<Metadata> get_state_metadata(std::string_view ns, std::string_view key);

  // Replaces all metadata of the key; none removes them.
  [[nodiscard]] Result<void> set_state_metadata(std::string_view ns, std::string_view key,
                                                Metadata metadata);

  // --- Private data: `ns` and `collection` name where -----------------------------------------
  // Errors besides those of their public kin: kNotFound with Fabric's texts where the chaincode has
  // no collections, or not this one. Who may read and write is not asked here.

  // Errors: kPrecondition where the value does not belong to the public hash.
  [[nodiscard]] Result<std::optional<std::string>> get_private_data(std::string_view ns,
                                                                    std::string_view collection,
                                                                    std::string_view key);
  // Without looking at hashes.
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> get_private_data_multiple(
      std::string_view ns, std::string_view collection, std::span<const std::string> keys);
  // SHA-256 of the value, 32 bytes.
  [[nodiscard]] Result<std::optional<std::string>> get_private_data_hash(
      std::string_view ns, std::string_view collection, std::string_view key);
  [[nodiscard]] Result<void> set_private_data(std::string_view ns, std::string_view collection,
                                              std::string_view key, std::string value);
  [[nodiscard]] Result<void> delete_private_data(std::string_view ns, std::string_view collection,
                                                 std::string_view key);
  // Deletes the key and every older value of it, wherever it is kept.
  [[nodiscard]] Result<void> purge_private_data(std::string_view ns, std::string_view collection,
                                                std::string_view key);
  [[nodiscard]] Result<Metadata> get_private_data_metadata(std::string_view ns,
                                                           std::string_view collection,
                                                           std::string_view key);
  [[nodiscard]] Result<void> set_private_data_metadata(std::string_view ns,
                                                       std::string_view collection,
                                                       std::string_view key, Metadata metadata);
  // Nothing of it is recorded. Only for transactions that write nothing, before or after.
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

  // The view for a query, which any thread may read; it may be kept. Not after done() (asserted).
  [[nodiscard]] std::shared_ptr<const StateView> query_view() const;

  // A rich query handed this key out: it joins the read set, once for each key.
  void record_query_read(std::string_view ns, std::string_view key, const Version& version);

  // The chaincode's definition on this view, looked up once; null: the channel has none. Not
  // recorded. Lives as long as the simulator.
  [[nodiscard]] Result<const ccbus::ChaincodeDefinition*> definition(std::string_view chaincode);

  // Ends the simulation and lets the view go. Any number of times.
  void done();
  [[nodiscard]] bool is_done() const { return view_ == nullptr; }

  // What the transaction read and wrote so far, in Fabric's deterministic order. Once, before or
  // after done(); later calls change nothing in it.
  [[nodiscard]] Result<SimulationResults> results();

 private:
  friend class RangeIterator;
  [[nodiscard]] Result<void> check_open() const;
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
  [[nodiscard]] unexpected<Error> unsupported(std::string_view why) const;

  // Set once.
  TxId tx_id_;
  std::shared_ptr<const StateView> view_;  // Null after done().

  RwsetBuilder rwset_;
  std::map<std::string, std::optional<ccbus::ChaincodeDefinition>, std::less<>> definitions_;
  int open_iterators_ = 0;
  bool write_performed_ = false;  // Also by a write that was refused later on.
  bool private_query_performed_ = false;
  bool paginated_query_performed_ = false;
  bool results_taken_ = false;
};

}  // namespace ccbus::ledger
