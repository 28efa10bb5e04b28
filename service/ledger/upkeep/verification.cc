#include "service/ledger/upkeep/verification.h"

#include <memory>
#include <system_error>
#include <utility>

#include "service/base/durable_files.h"
#include "service/ledger/block/block.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/upkeep/entry_description.h"
#include "service/ledger/upkeep/snapshot_comparison.h"

namespace ccbus::ledger {
namespace {

namespace fs = std::filesystem;

// An empty directory that is gone with this object.
class ScratchDirectory {
 public:
  // Errors: kExists, kIo.
  [[nodiscard]] static Result<std::unique_ptr<ScratchDirectory>> claim(const fs::path& path) {
    if (auto made = make_directories(path); !made) return unexpected(made.error());
    std::error_code error;
    const bool is_empty = fs::is_empty(path, error);
    if (error) return fail(ErrorCode::kIo, "cannot use " + path.string() + ": " + error.message());
    if (!is_empty) return fail(ErrorCode::kExists, path.string() + " is not empty");
    return std::unique_ptr<ScratchDirectory>(new ScratchDirectory(path));
  }
  ~ScratchDirectory() {
    std::error_code ignored;  // Best effort; leftovers do no harm.
    fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

 private:
  explicit ScratchDirectory(fs::path path) : path_(std::move(path)) {}

  const fs::path path_;
};

// Goes through the blocks of one ledger and commits them to another.
class ChainWalk {
 public:
  ChainWalk(const StateSnapshot& live, ChannelLedger& rebuilt, VerificationProgress& progress,
            Verification& found)
      : live_(live), rebuilt_(rebuilt), progress_(progress), found_(found) {}

  // Errors: kDeadline once cancelled; kIo; kCorrupt what was rebuilt does not read as written.
  [[nodiscard]] Result<void> run() {
    for (std::uint64_t number = 0; number < live_.height(); ++number) {
      if (progress_.cancelled) return fail(ErrorCode::kDeadline, "the verification was cancelled");
      if (auto walked = step(number); !walked) return walked;
      ++progress_.blocks;
      ++found_.blocks;
    }
    if (!is_rebuilt_) found_.differs("what the blocks make cannot be rebuilt; it is not compared");
    return {};
  }

  // Every block was committed again.
  [[nodiscard]] bool is_rebuilt() const { return is_rebuilt_; }

 private:
  Result<void> step(std::uint64_t number) {
    auto bytes = live_.stored(Family::kBlocks, block_key(number));
    if (!bytes) {
      if (bytes.error().code != ErrorCode::kCorrupt) return unexpected(bytes.error());
      return gap(number, bytes.error().message);
    }
    if (!*bytes) return gap(number, "it is missing");
    common::Block block;
    if (!block.ParseFromString(**bytes)) return gap(number, "it cannot be decoded");
    check_chain(number, block);
    found_.transactions += static_cast<std::uint64_t>(block.data().data_size());
    if (block.data().data_size() == 0) {
      differs(number, "it has no transactions");
      is_rebuilt_ = false;
    }
    return is_rebuilt_ ? commit_again(number, block) : Result<void>();
  }

  void differs(std::uint64_t number, const std::string& what) {
    found_.differs("block " + std::to_string(number) + ": " + what);
  }

  // This block is unknown, so the link of the next one cannot be checked.
  Result<void> gap(std::uint64_t number, const std::string& what) {
    differs(number, what);
    is_rebuilt_ = false;
    previous_hash_.reset();
    found_.last_block_hash.clear();
    return {};
  }

  void check_chain(std::uint64_t number, const common::Block& block) {
    for (const std::string& fault : block_faults(block, number)) differs(number, fault);
    if (previous_hash_) {
      if (const auto fault = link_fault(block, *previous_hash_)) differs(number, *fault);
    }
    previous_hash_ = header_hash(block.header());
    found_.last_block_hash = *previous_hash_;
  }

  Result<void> commit_again(std::uint64_t number, common::Block& block) {
    OrderedBatch batch;
    batch.position = {number + 1};  // Blocks do not say their positions; any order will do.
    for (std::string& envelope : *block.mutable_data()->mutable_data()) {
      batch.envelopes.push_back({TxId{}, std::move(envelope)});
    }
    auto committed = rebuilt_.commit(std::move(batch));
    if (!committed) return unexpected(committed.error());
    for (std::size_t i = 0; i < committed->transactions.size(); ++i) {
      const auto recorded = validation_code(block, i);
      const auto rebuilt = committed->transactions[i].code;
      if (recorded == rebuilt) continue;
      differs(number, "transaction " + std::to_string(i) + " is " + describe_code(recorded) +
                          ", rebuilt " + describe_code(rebuilt));
    }
    return {};
  }

  const StateSnapshot& live_;
  ChannelLedger& rebuilt_;
  VerificationProgress& progress_;
  Verification& found_;
  std::optional<std::string> previous_hash_ = "";  // nullopt: after a gap.
  bool is_rebuilt_ = true;
};

}  // namespace

void Verification::differs(std::string what) {
  ++differences_count;
  if (differences.size() < kDifferencesListed) differences.push_back(std::move(what));
}

// It is written once, in order.
constexpr int kTablesOpenMax = 32;

Result<Verification> verify_ledger(const ChannelLedger& ledger,
                                   const std::optional<std::filesystem::path>& scratch,
                                   VerificationProgress& progress) {
  const auto snapshot = ledger.whole_snapshot();
  if (!snapshot) return unexpected(snapshot.error());
  const StateSnapshot& live = **snapshot;
  std::unique_ptr<ScratchDirectory> directory;  // Goes after the ledger in it.
  ChannelLedger::Options options;
  options.directory = scratch;
  options.memory = ledger.memory();
  options.history = live.has_history();
  options.capabilities = ledger.capabilities();
  options.state_database = ledger.state_database();
  options.durable = false;
  options.tables_open_max = kTablesOpenMax;
  if (scratch) {
    auto claimed = ScratchDirectory::claim(*scratch);
    if (!claimed) return unexpected(claimed.error());
    directory = std::move(*claimed);
  }
  auto rebuilt = ChannelLedger::open(ledger.channel(), std::move(options));
  if (!rebuilt) return unexpected(rebuilt.error());
  Verification found;
  ChainWalk walk(live, **rebuilt, progress, found);
  if (auto walked = walk.run(); !walked) return unexpected(walked.error());
  if (!walk.is_rebuilt()) return found;
  const auto made = (*rebuilt)->whole_snapshot();
  if (!made) return unexpected(made.error());
  if (auto compared = compare_snapshots(live, **made, progress, found); !compared) {
    return unexpected(compared.error());
  }
  return found;
}

}  // namespace ccbus::ledger
