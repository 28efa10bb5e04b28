#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "service/base/clock.h"

namespace ccbus::ordering {

// What a replica has appended and not seen applied, as bytes, in order: it is appended again until
// it is seen. One thread.
class KeptEntries {
 public:
  struct Kept {
    std::uint64_t sequence = 0;
    std::string bytes;
    bool is_bundle = false;
    SteadyTime since = std::chrono::steady_clock::now();
  };

  const Kept& add(Kept kept) {
    bundles_ += kept.is_bundle ? 1 : 0;
    bytes_ += kept.bytes.size();
    return entries_.emplace_back(std::move(kept));
  }

  void let_go(std::uint64_t sequence) {
    while (!entries_.empty() && entries_.front().sequence <= sequence) {
      bundles_ -= entries_.front().is_bundle ? 1 : 0;
      bytes_ -= entries_.front().bytes.size();
      entries_.pop_front();
    }
  }

  [[nodiscard]] const std::deque<Kept>& entries() const { return entries_; }
  [[nodiscard]] std::size_t bundles() const { return bundles_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Since when the oldest one has been kept; nullopt: none is.
  [[nodiscard]] std::optional<SteadyTime> oldest() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.front().since);
  }

 private:
  std::deque<Kept> entries_;
  std::size_t bundles_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace ccbus::ordering
