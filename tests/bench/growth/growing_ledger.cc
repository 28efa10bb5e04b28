#include "tests/bench/growth/growing_ledger.h"

#include <poll.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ccbus/definition.pb.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/state/state_encoding.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::bench {
namespace {

using ledger::ChannelLedger;
using ledger::Family;

constexpr const char* kNamespace = "basic";
constexpr std::size_t kDocumentsPerSlice = 256;
constexpr int kBetweenLooksMs = 2;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) throw std::runtime_error("a clock cannot be read");
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void must_be_valid(const ledger::BlockCommitted& block) {
  for (const auto& transaction : block.transactions) {
    if (transaction.code != protos::VALID) throw std::runtime_error("a transaction is not valid");
  }
}

// Has RocksDB count what look-ups read from files.
BlocksRead count_blocks(std::size_t count, const std::function<void()>& look_up) {
  const rocksdb::PerfLevel before = rocksdb::GetPerfLevel();
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  rocksdb::PerfContext& counted = *rocksdb::get_perf_context();
  BlocksRead read;
  for (std::size_t i = 0; i < count; ++i) {
    counted.Reset();
    look_up();
    const auto share = [count](std::uint64_t of_one) {
      return static_cast<double>(of_one) / static_cast<double>(count);
    };
    read.filter += share(counted.filter_block_read_count);
    read.index += share(counted.index_block_read_count);
    read.blocks += share(counted.block_read_count);
    read.bytes += share(counted.block_read_byte);
    read.bytes_max = std::max(read.bytes_max, static_cast<double>(counted.block_read_byte));
  }
  rocksdb::SetPerfLevel(before);
  return read;
}

}  // namespace

Stopwatch::Stopwatch()
    : elapsed_(Clock::now()),
      thread_(read_clock(CLOCK_THREAD_CPUTIME_ID)),
      process_(read_clock(CLOCK_PROCESS_CPUTIME_ID)) {}

void Stopwatch::add_to(Spent& spent) const {
  spent.elapsed += Clock::now() - elapsed_;
  spent.thread += read_clock(CLOCK_THREAD_CPUTIME_ID) - thread_;
  spent.process += read_clock(CLOCK_PROCESS_CPUTIME_ID) - process_;
}

GrowingLedger::GrowingLedger(Options options)
    : options_(std::move(options)),
      stamp_(options_.stamp),
      ledger_(must(ChannelLedger::open(options_.stamp.channel, options_.ledger))),
      first_block_(options_.indexes ? 1 : 0) {
  if (options_.indexes && ledger_->height() == 0) define_indexes();
}

std::uint64_t GrowingLedger::transactions() const {
  return (ledger_->height() - first_block_) * kBlockTransactions;
}

std::uint64_t GrowingLedger::keys() const {
  return std::min(transactions() * options_.stamp.writes, options_.stamp.keys);
}

void GrowingLedger::define_indexes() {
  ccbus::ChaincodeDefinition definition;
  definition.set_name(kNamespace);
  definition.set_sequence(1);
  for (const char* field : {"owner", "size"}) {
    IndexConfig& index = *definition.add_indexes();
    index.set_design_document("growth");
    index.set_name(field);
    index.add_fields(field);
  }
  ledger::RwsetBuilder rwset;
  rwset.add_write("_lifecycle", kNamespace, definition.SerializeAsString());
  const test::TransactionParts parts(options_.stamp.channel, "define", rwset.build());
  OrderedBatch batch;
  batch.position = {1};
  batch.envelopes.push_back(parts.envelope());
  must_be_valid(must(ledger_->commit(std::move(batch))));
  while (must(ledger_->build_indexes(kDocumentsPerSlice)).has_more) {
  }
}

void GrowingLedger::commit(Spent& spent) {
  OrderedBatch batch;
  batch.position = {ledger_->height() + 1};
  const std::uint64_t first = transactions();
  for (std::size_t i = 0; i < kBlockTransactions; ++i) {
    batch.envelopes.push_back(stamp_.envelope(first + i));
  }
  const Stopwatch watch;
  const ledger::BlockCommitted block = must(ledger_->commit(std::move(batch)));
  watch.add_to(spent);
  must_be_valid(block);
}

void GrowingLedger::settle(Spent& spent) {
  const Stopwatch watch;
  while (ledger_->storage_metrics().compactions_running > 0) poll(nullptr, 0, kBetweenLooksMs);
  watch.add_to(spent);
}

std::uint64_t GrowingLedger::random_number() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return random_;
}

void GrowingLedger::read_old_keys(std::size_t count, Measurement& reads, Spent& spent) {
  const auto view = ledger_->snapshot();
  const std::uint64_t keys_now = keys();
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> keys_read;
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(random_number() % keys_now);
    keys_read.push_back(key_of(numbers.back()));
  }
  std::vector<ledger::VersionedValue> found(count);
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    const Clock::time_point start = Clock::now();
    if (!must(view->read(kNamespace, keys_read[i], found[i]))) {
      throw std::runtime_error("a key is missing");
    }
    reads.add(Clock::now() - start);
  }
  watch.add_to(spent);
  for (std::size_t i = 0; i < count; ++i) {
    if (found[i].value != value_of(numbers[i], options_.stamp.values)) {
      throw std::runtime_error("a key has another value");
    }
  }
}

BlocksRead GrowingLedger::look_for_keys(std::size_t count) {
  const auto snapshot = must(ledger_->whole_snapshot());
  return count_blocks(count, [&] {
    const std::string key = key_of(random_number() % keys());
    if (!must(snapshot->stored(Family::kState, ledger::StateKey(kNamespace, key).bytes()))) {
      throw std::runtime_error("a key is missing");
    }
  });
}

BlocksRead GrowingLedger::look_for_transactions(std::size_t count) {
  return count_blocks(count, [&] {
    const TxId unknown = stamp_.id_of(transactions() + random_number() % (1ull << 32));
    if (must(ledger_->has_transaction(unknown))) {
      throw std::runtime_error("a transaction is there that was not committed");
    }
  });
}

double GrowingLedger::entry_bytes_of_transaction(const Options& options) {
  Options in_memory = options;
  in_memory.ledger = {};
  GrowingLedger one(std::move(in_memory));
  Spent ignored;
  one.commit(ignored);
  const auto snapshot = must(one.ledger().whole_snapshot());
  std::size_t bytes = 0;
  for (const Family family : {Family::kState, Family::kBlocks, Family::kTransactions,
                              Family::kHistory, Family::kIndexes}) {
    const auto entries = snapshot->entries(family);
    for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
      bytes += entries->key().size() + entries->value().size();
    }
  }
  return static_cast<double>(bytes) / kBlockTransactions;
}

double GrowingLedger::block_bytes_of_transaction() const {
  return static_cast<double>(must(ledger_->block(ledger_->height() - 1))->ByteSizeLong()) /
         kBlockTransactions;
}

}  // namespace ccbus::bench
