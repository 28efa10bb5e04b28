#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/result.h"
#include "service/gateway/events/block_scan.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// The scans of requests for events that are at the same position of a channel. A worker reads and
// decodes each block once and shows it to all of them. It moves between the bus thread and a worker
// and is never on both.
class ScanGroup {
 public:
  // One run of a group is ended by the first of these that is reached, so that other work gets the
  // worker. Each scan that has not been served by then is as it was.
  struct Bounds {
    int blocks = 1'000;
    int steps = 50'000;             // A block that is shown to a scan is a step.
    std::size_t bytes = 16u << 20;  // Collected by all scans together; exceeded by one step.
  };

  struct Member {
    std::unique_ptr<BlockScan> scan;
    std::optional<Error> failure;  // Why its request cannot be answered.
  };

  explicit ScanGroup(std::shared_ptr<const ledger::ChannelLedger> ledger)
      : ledger_(std::move(ledger)) {}

  // Makes room for so many scans, so that add() throws nothing.
  void reserve(std::size_t count) { members_.reserve(count); }
  void add(std::unique_ptr<BlockScan> scan) { members_.push_back({std::move(scan), {}}); }

  // Shows the blocks that there are to the scans, each until it is full. On a worker.
  void run(const Bounds& bounds);

  [[nodiscard]] const ledger::ChannelLedger& ledger() const { return *ledger_; }
  [[nodiscard]] std::vector<Member>& members() { return members_; }

 private:
  // What one run has used.
  struct Used {
    int steps = 0;
    std::size_t bytes = 0;
  };

  [[nodiscard]] static bool wants(const Member& member, std::uint64_t block);
  // Returns false if no scan wants the block, or the bounds are reached.
  bool show(std::uint64_t number, const Bounds& bounds, Used& used);
  void fail_all_at(std::uint64_t block, const Error& why);

  const std::shared_ptr<const ledger::ChannelLedger> ledger_;
  std::vector<Member> members_;
};

}  // namespace ccbus::gateway
