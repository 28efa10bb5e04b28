#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/ledger/state/state_view.h"

namespace ccbus::test {

// The state of a channel in a map: the tests' implementation of StateView.
class MapStateView : public ledger::StateView {
 public:
  using Key = std::pair<std::string, std::string>;  // Namespace, key.
  using Entries = std::map<Key, ledger::VersionedValue>;

  explicit MapStateView(Entries entries) : entries_(std::move(entries)) {}

  [[nodiscard]] std::uint64_t height() const override { return 0; }

  [[nodiscard]] Result<bool> read(std::string_view ns, std::string_view key,
                                  ledger::VersionedValue& found) const override {
    const auto at = entries_.find({std::string(ns), std::string(key)});
    if (at == entries_.end()) return false;
    found = at->second;
    return true;
  }

  [[nodiscard]] Result<std::optional<ledger::Version>> version_of(
      std::string_view ns, std::string_view key) const override {
    const auto found = entries_.find({std::string(ns), std::string(key)});
    if (found == entries_.end()) return std::nullopt;
    return found->second.version;
  }

  [[nodiscard]] Result<std::unique_ptr<ledger::StateCursor>> range(
      std::string_view ns, std::string_view start, std::string_view end) const override {
    return std::make_unique<Cursor>(entries_, ns, start, end);
  }

  [[nodiscard]] Result<std::unique_ptr<ledger::HistoryCursor>> history(
      std::string_view, std::string_view) const override {
    return fail(ErrorCode::kPrecondition, "history database is not enabled");
  }

  [[nodiscard]] Result<std::vector<std::string>> complete_indexes(std::string_view) const override {
    return std::vector<std::string>();
  }

  [[nodiscard]] Result<std::unique_ptr<ledger::IndexCursor>> index_range(
      std::string_view, std::string_view index_id, const ledger::IndexRange&) const override {
    return fail(ErrorCode::kNotFound, "no index " + std::string(index_id));
  }

 private:
  class Cursor final : public ledger::StateCursor {
   public:
    Cursor(const Entries& entries, std::string_view ns, std::string_view start,
           std::string_view end)
        : entries_(entries),
          ns_(ns),
          end_(end),
          at_(entries.lower_bound({ns_, std::string(start)})) {}

    Result<std::optional<ledger::StateEntry>> next() override {
      if (at_ == entries_.end() || at_->first.first != ns_) return std::nullopt;
      if (!end_.empty() && at_->first.second >= end_) return std::nullopt;
      const auto& [key, value] = *at_++;
      return ledger::StateEntry{key.second, value.value, value.metadata, value.version};
    }

   private:
    const Entries& entries_;
    std::string ns_;
    std::string end_;
    Entries::const_iterator at_;
  };

  Entries entries_;
};

}  // namespace ccbus::test
