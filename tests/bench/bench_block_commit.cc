// How much more a block of 500 transactions costs than the synced write that RocksDB makes of it:
// ChannelLedger::commit() beside the same entries written to a database with the same
// configuration.
#include <stdexcept>

#include "service/ledger/block/block.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/simulate/history.h"
#include "service/ledger/state/state_encoding.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/block_validator.h"
#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::bench {
namespace {

using ledger::ChannelLedger;
using ledger::Family;

constexpr std::size_t kTransactions = 500;
constexpr std::size_t kWrites = 2;
constexpr std::size_t kValueBytes = 100;
const ChannelId kChannel{"bench"};

struct Plan {
  std::size_t rounds;
  std::size_t blocks;  // In each round, on each side.
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::vector<OrderedEnvelope> make_batch(std::uint64_t block) {
  std::vector<OrderedEnvelope> batch;
  for (std::size_t tx = 0; tx < kTransactions; ++tx) {
    const std::string name = std::to_string(1'000'000 + block * kTransactions + tx);
    ledger::RwsetBuilder writes;
    for (std::size_t i = 0; i < kWrites; ++i) {
      writes.add_write("bench", "key" + name + "-" + std::to_string(i),
                       std::string(kValueBytes, static_cast<char>('a' + tx % 26)));
    }
    batch.push_back(test::TransactionParts(kChannel, name, writes.build()).envelope());
  }
  return batch;
}

// A ledger, and a database to which the same entries are written.
class Bench {
 public:
  Bench()
      : ledger_(must(ChannelLedger::open(kChannel, options()))),
        store_(must(ledger::Store::open({directory_.path() / "store"}))) {}

  void run_block(Measurement& commits, Measurement& writes) {
    const std::uint64_t number = ledger_->height();
    std::vector<OrderedEnvelope> batch = make_batch(number);
    rocksdb::WriteBatch same = changes_of(number, batch);
    bytes_ = same.GetDataSize();
    add(commits, [&] {
      for (const auto& transaction :
           must(ledger_->commit({std::move(batch), {number + 1}})).transactions) {
        if (transaction.code != protos::VALID) throw std::runtime_error("a write was refused");
      }
    });
    add(writes, [&] { must(store_->write_synced(same)); });
  }

  [[nodiscard]] double block_kib() const { return static_cast<double>(bytes_) / 1024; }

  // Checks that both sides have the same entries.
  void finish() {
    for (const Family family : {Family::kBlocks, Family::kState, Family::kTransactions}) {
      const auto last = must(store_->last_key(family));
      if (!last || must(must(ledger_->whole_snapshot())->stored(family, *last)) !=
                       must(store_->get(family, *last))) {
        throw std::runtime_error("the two sides do not hold the same");
      }
    }
  }

 private:
  [[nodiscard]] ChannelLedger::Options options() const {
    ChannelLedger::Options options;
    options.directory = directory_.path() / "ledger";
    return options;
  }

  template <class Work>
  static void add(Measurement& measured, const Work& work) {
    const auto start = Clock::now();
    work();
    measured.add(Clock::now() - start);
    measured.add_elapsed(Clock::now() - start);
  }

  // Returns the entries that commit() will write in its batch.
  rocksdb::WriteBatch changes_of(std::uint64_t number, const std::vector<OrderedEnvelope>& batch) {
    const auto committed = ledger_->snapshot();
    const auto validated = must(
        ledger::validate_block({kChannel, number, ledger::kNewestCapability}, batch, *committed,
                               [this](const TxId& id) { return ledger_->has_transaction(id); }));
    const std::vector<protos::TxValidationCode> codes(batch.size(), protos::VALID);
    const auto block =
        ledger::make_block(number, ledger_->last_block_hash(), std::vector(batch), codes);
    rocksdb::WriteBatch changes;
    std::string bytes;
    ledger::put_block(changes, *store_, block,
                      {number + 1, ledger::header_hash(block.header()), {number + 1}}, bytes);
    std::uint32_t tx_num = 0;
    for (const auto& transaction : validated.transactions) {
      ledger::put_transaction(changes, *store_, transaction.tx_id,
                              {number, tx_num++, transaction.code});
    }
    for (const auto& [ns, keys] : validated.updates.namespaces()) {
      for (const auto& [key, value] : keys) {
        changes.Put(store_->family(Family::kState),
                    ledger::slice(ledger::StateKey(ns, key).bytes()),
                    ledger::encode_state_value(*value));
      }
    }
    ledger::put_history(changes, *store_, number, validated.transactions);
    return changes;
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<ChannelLedger> ledger_;
  std::shared_ptr<ledger::Store> store_;
  std::size_t bytes_ = 0;
};

std::vector<double> run_round(Bench& bench, const Plan& plan) {
  const ProcessorTime time;
  Measurement commits;
  Measurement writes;
  for (std::size_t i = 0; i < plan.blocks; ++i) bench.run_block(commits, writes);
  const Figures commit = commits.figures();
  const Figures write = writes.figures();
  return {commit.p50_us / 1000,         commit.per_second * kTransactions,
          write.p50_us / 1000,          write.per_second * kTransactions,
          write.p50_us / commit.p50_us, bench.block_kib(),
          time.steal_percent()};
}

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 2} : Plan{9, 20};
  FigureTable table(
      "A block of 500 transactions with 2 writes each: commit() | RocksDB's synced batch",
      {{"commit ms", 2},
       {"commit tx/s"},
       {"write ms", 2},
       {"write tx/s"},
       {"ratio", 2},
       {"KiB"},
       {"steal %", 1}});
  Bench bench;
  static_cast<void>(run_round(bench, plan));  // To warm up.
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    table.add_round(run_round(bench, plan));
  }
  bench.finish();
  return {table};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Compares the commit of a block with a synced write of the same bytes."},
      ccbus::bench::measure);
}
