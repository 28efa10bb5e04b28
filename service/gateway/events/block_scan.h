#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/block_contents.h"

namespace ccbus::gateway {

// A block that several scans look at: it is read once, and decoded once, when the first scan asks
// for its contents.
class ScannedBlock {
 public:
  explicit ScannedBlock(common::Block block) : block_(std::move(block)) {}

  [[nodiscard]] const common::Block& block() const { return block_; }
  [[nodiscard]] const std::vector<ledger::BlockTransaction>& transactions();

 private:
  const common::Block block_;
  std::optional<std::vector<ledger::BlockTransaction>> transactions_;
};

// Collects what one request for events asks for, from the blocks of a channel that are passed to it
// one after the other. It moves between the bus thread and a worker and is never on both.
class BlockScan {
 public:
  virtual ~BlockScan() = default;

  // The number of the next block to pass to add().
  [[nodiscard]] std::uint64_t next() const { return next_; }

  // True if there is something to answer with.
  [[nodiscard]] virtual bool has_any() const = 0;

  // True if there is enough to answer with.
  [[nodiscard]] bool is_full() const { return bytes_ >= kBytesEnough; }

  // The bytes that it has collected.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Takes the block next().
  // Errors: kInvalid if it does not have the transaction after which the request starts.
  [[nodiscard]] virtual Result<void> add(ScannedBlock& block) = 0;

  // Moves what was collected into the answer, with the position at which the next request
  // continues.
  virtual void write(ccbus::ClientResponse& response) = 0;

 protected:
  explicit BlockScan(std::uint64_t next) : next_(next) {}

  void collected(std::size_t bytes) { bytes_ += bytes; }
  void advance() { ++next_; }

 private:
  // Exceeded by the last block that is added, since a block is always taken whole.
  static constexpr std::size_t kBytesEnough = 1u << 20;

  std::uint64_t next_;
  std::size_t bytes_ = 0;
};

// Start at the position that the request names; at `height` if it names none.
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::ChaincodeEventsRequest& request,
                                                   std::uint64_t height);
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::BlockEventsRequest& request,
                                                   std::uint64_t height);

}  // namespace ccbus::gateway
