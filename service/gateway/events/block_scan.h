#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// What one request for events collects from a channel's blocks, shown to it one after the other.
// Moved between the bus thread and a worker, never on both.
class BlockScan {
 public:
  virtual ~BlockScan() = default;

  // The next block to look at.
  [[nodiscard]] std::uint64_t next() const { return next_; }

  // There is something to answer with.
  [[nodiscard]] virtual bool has_any() const = 0;

  // There is enough.
  [[nodiscard]] bool is_full() const { return bytes_ >= kBytesEnough; }

  // Takes the block next(), and goes on. Errors: kInvalid, the position that was asked for is none.
  [[nodiscard]] virtual Result<void> add(common::Block block) = 0;

  // Moves what was collected into the answer, together with where the next request goes on.
  virtual void write(ccbus::ClientResponse& response) = 0;

 protected:
  explicit BlockScan(std::uint64_t next) : next_(next) {}

  void collected(std::size_t bytes) { bytes_ += bytes; }
  void advance() { ++next_; }

 private:
  // One block may be larger; the first is always taken whole.
  static constexpr std::size_t kBytesEnough = 1u << 20;

  std::uint64_t next_;
  std::size_t bytes_ = 0;
};

// Where the request names no start, `height` is.
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::ChaincodeEventsRequest& request,
                                                   std::uint64_t height);
[[nodiscard]] std::unique_ptr<BlockScan> make_scan(const ccbus::BlockEventsRequest& request,
                                                   std::uint64_t height);

}  // namespace ccbus::gateway
