#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// The state of a ledger whose database is closed: its height is known, and every read is refused
// with the same error.
class ClosedStateView final : public StateView {
 public:
  ClosedStateView(std::uint64_t height, Error why) : height_(height), why_(std::move(why)) {}

  [[nodiscard]] std::uint64_t height() const override { return height_; }
  [[nodiscard]] Result<bool> read(std::string_view, std::string_view,
                                  VersionedValue&) const override {
    return unexpected(why_);
  }
  [[nodiscard]] Result<std::optional<Version>> version_of(std::string_view,
                                                          std::string_view) const override {
    return unexpected(why_);
  }
  [[nodiscard]] Result<std::unique_ptr<StateCursor>> range(std::string_view, std::string_view,
                                                           std::string_view) const override {
    return unexpected(why_);
  }
  [[nodiscard]] Result<std::unique_ptr<HistoryCursor>> history(std::string_view,
                                                               std::string_view) const override {
    return unexpected(why_);
  }
  [[nodiscard]] Result<std::vector<std::string>> complete_indexes(std::string_view) const override {
    return unexpected(why_);
  }
  [[nodiscard]] Result<std::unique_ptr<IndexCursor>> index_range(std::string_view, std::string_view,
                                                                 const IndexRange&) const override {
    return unexpected(why_);
  }
  [[nodiscard]] const Error* refusal() const override { return &why_; }

 private:
  const std::uint64_t height_;
  const Error why_;
};

}  // namespace ccbus::ledger
