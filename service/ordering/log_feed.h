#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "service/base/clock.h"
#include "service/base/limits.h"
#include "service/ordering/batch_source.h"
#include "service/ordering/block_cutter.h"
#include "service/ordering/envelope_queue.h"
#include "service/ordering/log/log.h"
#include "service/ordering/log/log_state.h"

namespace ccbus::ordering {

// What joins a channel's log with its committer. It appends this process's envelopes in bundles,
// and gives the committer the bundles of all replicas that count, each of them once.
//
// A bundle closes when the log has room for it, or earlier at the limits of count and size. So a
// single transaction on an idle channel does not wait for others, and a loaded channel fills its
// blocks.
class LogFeed final : public BatchSource {
 public:
  // Who this process is among the replicas of the log.
  struct Member {
    std::string replica;
    std::string nonce;  // 16 bytes, never used before, by no process.
    std::vector<std::string> addresses = {};
  };

  // How many entries were passed over.
  struct PassedOver {
    std::uint64_t foreign = 0;  // Bytes that somebody else has written.
    std::uint64_t duplicates = 0;
    std::uint64_t gaps = 0;
    std::uint64_t fenced = 0;
  };

  // `applied` is what the ledger has kept of the log. nullopt for `member`: no other process reads
  // or writes the log, and nothing gets lost or doubled in it. The references outlive it.
  LogFeed(const Limits& limits, Log& log, EnvelopeQueue& queue, LogState applied,
          std::optional<Member> member);

  [[nodiscard]] Next next(SteadyTime until) override;
  void stop() override { queue_.stop(); }

  // Any thread.
  [[nodiscard]] PassedOver passed_over() const;

 private:
  // An own bundle that was appended and not given out.
  struct UnderWay {
    struct Origin {
      PeerId client;
      SteadyTime ordered;
    };
    std::vector<Origin> origins;  // Of its envelopes.
  };

  void begin();
  void join();
  void propose();
  void collect();
  void append(Batch batch);
  [[nodiscard]] Result<std::optional<OrderedBatch>> take(Log::Record record);
  [[nodiscard]] Result<std::optional<OrderedBatch>> see_genesis(const Genesis& genesis);
  // Whether the entry counts.
  [[nodiscard]] Result<bool> judge(LogPosition at, const Entry& entry);
  [[nodiscard]] Result<void> see_membership(LogPosition at, const Entry& entry);
  [[nodiscard]] bool is_own_join(const Entry& entry) const;
  [[nodiscard]] bool is_of_this_process(const EntryId& id) const;
  [[nodiscard]] Result<void> restore_origins(std::vector<OrderedEnvelope>& envelopes);
  [[nodiscard]] bool is_drained();
  [[nodiscard]] Next halt(Error why);
  // Returns whether it is another one than before.
  bool tell_fault();

  // Set once, then read only.
  Log& log_;
  EnvelopeQueue& queue_;
  const std::optional<Member> member_;

  // Committer thread only.
  BlockCutter cutter_;
  std::deque<Batch> closed_;  // Cut and not appended yet.
  std::deque<UnderWay> under_way_;
  bool has_begun_ = false;              // A Genesis was appended.
  bool has_joined_ = false;             // A Join was appended.
  std::optional<std::uint64_t> epoch_;  // nullopt until this process's Join was read.
  std::uint64_t sequence_ = 0;          // Of the entry that was appended last.
  LogState state_;
  EntryRules rules_;
  std::string fault_;  // Of the log, as the queue was told.
  bool is_halted_ = false;
  std::optional<SteadyTime> drained_by_;  // Set once it is stopped.

  std::atomic<std::uint64_t> foreign_{0};
  std::atomic<std::uint64_t> duplicates_{0};
  std::atomic<std::uint64_t> gaps_{0};
  std::atomic<std::uint64_t> fenced_{0};
};

}  // namespace ccbus::ordering
