#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

namespace ccbus::ledger {

// The rules by which a block was validated and recorded. A rule that changes what a block makes
// gets a number here, and what the number changes is said beside it; blocks from before keep the
// rules of their time.
enum class Capability : std::uint32_t {
  // Ledgers of versions that did not record a number. Of several transactions of one block with one
  // id, the last one is on record that is not DUPLICATE_TXID.
  kNone = 0,
  // The first one is on record.
  kFirstOfId = 1,
  // On a channel that has a configuration, signatures and endorsement policies are checked, and
  // what
  // is written to the configuration has to be sound.
  kEndorsements = 2,
};
inline constexpr Capability kNewestCapability = Capability::kEndorsements;

// The capabilities of a ledger, by the first block that has each of them.
class Capabilities {
 public:
  struct Since {
    Capability capability;
    std::uint64_t block;
    auto operator<=>(const Since&) const = default;
  };

  // Those of a ledger whose blocks all have kNone.
  Capabilities() = default;
  // In the order of the blocks, and of the capabilities.
  explicit Capabilities(std::vector<Since> since) : since_(std::move(since)) {}

  [[nodiscard]] Capability of(std::uint64_t block) const {
    Capability found = Capability::kNone;
    for (const Since& since : since_) {
      if (since.block <= block) found = since.capability;
    }
    return found;
  }
  [[nodiscard]] Capability newest() const {
    return since_.empty() ? Capability::kNone : since_.back().capability;
  }
  [[nodiscard]] const std::vector<Since>& since() const { return since_; }

  bool operator==(const Capabilities&) const = default;

 private:
  std::vector<Since> since_;
};

}  // namespace ccbus::ledger
