#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/block_contents.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// A block that several scans look at: it is read once, and decoded once, when the first scan asks
// for its contents.
class ScannedBlock {
 public:
  // `ledger` is the one that it is from, and outlives it.
  ScannedBlock(common::Block block, const ledger::ChannelLedger& ledger)
      : block_(std::move(block)), ledger_(ledger) {}

  [[nodiscard]] const common::Block& block() const { return block_; }
  [[nodiscard]] const ledger::ChannelLedger& ledger() const { return ledger_; }
  [[nodiscard]] const std::vector<ledger::BlockTransaction>& transactions();

 private:
  const common::Block block_;
  const ledger::ChannelLedger& ledger_;
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
  [[nodiscard]] bool is_full() const { return bytes_ >= kBytesEnough || is_done(); }

  // True if the last block that is asked for was passed to it, or is before the first.
  [[nodiscard]] bool is_done() const { return last_ && next_ > *last_; }

  // The bytes that it has collected.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Takes the block next().
  // Errors: kInvalid if it does not have the transaction after which the request starts; kDenied if
  //         its signer is nobody any more; those of the ledger.
  [[nodiscard]] virtual Result<void> add(ScannedBlock& block) = 0;

  // Moves what was collected into the answer, with the position at which the next request
  // continues.
  virtual void write(ccbus::ClientResponse& response) = 0;

 protected:
  // `last` is the last block that is asked for; nullopt: the blocks have no end.
  BlockScan(std::uint64_t next, std::optional<std::uint64_t> last) : next_(next), last_(last) {}

  [[nodiscard]] std::optional<std::uint64_t> last() const { return last_; }
  void collected(std::size_t bytes) { bytes_ += bytes; }
  void advance() { ++next_; }

 private:
  // Exceeded by the last block that is added, since a block is always taken whole.
  static constexpr std::size_t kBytesEnough = 1u << 20;

  std::uint64_t next_;
  const std::optional<std::uint64_t> last_;
  std::size_t bytes_ = 0;
};

// Start at the position that the request names; at `height` if it names none. `signer` has signed
// the request for blocks, an encoded msp.SerializedIdentity; empty: nobody has.
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::ChaincodeEventsRequest& request,
                                                   std::uint64_t height);
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::BlockEventsRequest& request,
                                                   std::uint64_t height, const std::string& signer);

}  // namespace ccbus::gateway
