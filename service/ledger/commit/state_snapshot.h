#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>

#include "service/ledger/state/state_view.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {

// A view of a RocksDB snapshot. One is made for each block and shared by all simulations on it.
class StateSnapshot final : public StateView {
 public:
  // The current state of the store, which has `height` blocks.
  [[nodiscard]] static std::shared_ptr<const StateSnapshot> take(std::shared_ptr<const Store> store,
                                                                 std::uint64_t height,
                                                                 StateTraits traits);
  ~StateSnapshot() override;
  StateSnapshot(const StateSnapshot&) = delete;
  StateSnapshot& operator=(const StateSnapshot&) = delete;

  [[nodiscard]] bool has_history() const { return traits_.has_history; }

  // All entries of a family, as of this view; the iterator has to be positioned first. It does not
  // fill the block cache, because a full scan reads each block once. Must not outlive the view.
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> entries(Family family) const;

  // The value of a key in a family; nullopt if there is none. Errors: kIo, kCorrupt.
  [[nodiscard]] Result<std::optional<std::string>> stored(Family family,
                                                          std::string_view key) const;

  [[nodiscard]] std::uint64_t height() const override { return height_; }
  [[nodiscard]] bool may_have_metadata() const override { return traits_.may_have_metadata; }
  [[nodiscard]] StateDatabase state_database() const override { return traits_.database; }
  [[nodiscard]] Result<bool> read(std::string_view ns, std::string_view key,
                                  VersionedValue& found) const override;
  [[nodiscard]] Result<std::optional<Version>> version_of(std::string_view ns,
                                                          std::string_view key) const override;
  [[nodiscard]] Result<std::unique_ptr<StateCursor>> range(std::string_view ns,
                                                           std::string_view start,
                                                           std::string_view end) const override;
  [[nodiscard]] Result<std::unique_ptr<HistoryCursor>> history(std::string_view ns,
                                                               std::string_view key) const override;
  [[nodiscard]] Result<std::vector<std::string>> complete_indexes(
      std::string_view ns) const override;
  [[nodiscard]] Result<std::unique_ptr<IndexCursor>> index_range(
      std::string_view ns, std::string_view index_id, const IndexRange& range) const override;

 private:
  StateSnapshot(std::shared_ptr<const Store> store, std::uint64_t height, StateTraits traits);
  [[nodiscard]] rocksdb::Status fetch(std::string_view ns, std::string_view key,
                                      rocksdb::PinnableSlice& stored) const;

  // Set once, then read only.
  const std::shared_ptr<const Store> store_;
  const std::uint64_t height_;
  const StateTraits traits_;
  rocksdb::ReadOptions at_snapshot_;
};

}  // namespace ccbus::ledger
