// Commits a log to a new ledger and prints digests of everything that results.
//
// Usage:  commit_log FILE DIRECTORY [options]; --help has them.
// Output: lines of a name, a count and a SHA-256: each family's keys and values in their order, the
//         blocks, the outcomes as clients hear of them; how often each code occurs; the hash of the
//         last block.
// Exit:   0 done, 1 an error, which is on the standard error output.
#include <CLI/CLI.hpp>
#include <atomic>
#include <clocale>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <exception>
#include <iomanip>
#include <iostream>
#include <locale>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/state/store.h"
#include "tests/determinism/log_file.h"
#include "tests/determinism/mutation.h"

namespace ccbus::determinism {
namespace {

using ledger::ChannelLedger;
using ledger::Family;
using ledger::Store;

// What differs from one machine to the next.
struct Machine {
  std::string log;
  std::string directory;
  std::size_t storage_kilobytes = 48 * 1024;
  int tables_open_max = 512;
  std::uint64_t reopen_every = 0;   // Blocks; 0: never.
  std::uint64_t compact_every = 0;  // The same; the ledger is closed meanwhile.
  std::size_t build_documents = 0;  // Of the indexes, after each block.
  int readers = 0;                  // Threads that read while blocks are committed.
  int storage_threads = 1;          // Of RocksDB.
  std::string mutation;
};

struct Outcome {
  Sha256 digest;
  std::uint64_t transactions = 0;
  std::map<std::string, int> codes;
};

// Reads what others may read at any time, until it is destroyed.
class Readers {
 public:
  Readers(const ChannelLedger& of, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, &of] {
        while (!is_over_) {
          const std::uint64_t height = of.height();
          if (height > 0) must(of.block(height - 1));
          must(of.snapshot()->get("basic", "a1"));
          std::this_thread::yield();
        }
      });
    }
  }
  ~Readers() {
    is_over_ = true;
    for (std::thread& each : threads_) each.join();
  }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
  std::vector<std::thread> threads_;
};

std::unique_ptr<ChannelLedger> open(const Machine& machine) {
  ChannelLedger::Options options;
  options.directory = machine.directory;
  options.memory = std::make_shared<ledger::StorageMemory>(machine.storage_kilobytes * 1024);
  options.tables_open_max = machine.tables_open_max;
  return must(ChannelLedger::open(log_identity().channel, options));
}

void check(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

void compact(const std::string& directory) {
  Store::Options options;
  options.directory = directory;
  const auto store = must(Store::open(options));
  for (std::size_t i = 0; i < ledger::kFamilies; ++i) {
    auto* const family = store->family(static_cast<Family>(i));
    check(store->db().Flush({}, family));
    check(store->db().CompactRange({}, family, nullptr, nullptr));
  }
}

// The bundles of the log with their positions; other entries take a position and change nothing.
std::vector<OrderedBatch> batches_of(const std::string& path) {
  std::vector<OrderedBatch> batches;
  std::uint64_t position = 0;
  for (const std::string& bytes : read_entries(path)) {
    ++position;
    auto decoded = must(ordering::decode_entry(bytes, log_identity()));
    auto* const entry = std::get_if<ordering::Entry>(&decoded);
    auto* const bundle =
        entry == nullptr ? nullptr : std::get_if<ordering::Bundle>(&entry->content);
    if (bundle != nullptr) batches.push_back({std::move(bundle->envelopes), {position}});
  }
  return batches;
}

void record(const ledger::BlockCommitted& block, Outcome& outcome) {
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    const std::string code = protos::TxValidationCode_Name(transaction.code);
    ++outcome.transactions;
    ++outcome.codes[code];
    for (const std::string& part : {transaction.tx_id.value, code, transaction.policy_failure,
                                    transaction.private_data_fault}) {
      outcome.digest.update(part + "\n");
    }
  }
}

std::size_t last_with_three(const std::vector<OrderedBatch>& batches) {
  for (std::size_t i = batches.size(); i-- > 0;) {
    if (batches[i].envelopes.size() > 2) return i;
  }
  throw std::runtime_error("no bundle has more than two transactions");
}

std::unique_ptr<ChannelLedger> commit(const Machine& machine, Outcome& outcome) {
  const Mutation mutation = mutation_of(machine.mutation);
  auto batches = batches_of(machine.log);
  const std::size_t chosen = last_with_three(batches);
  auto ledger = open(machine);
  std::optional<Readers> readers(std::in_place, *ledger, machine.readers);
  const auto is_due = [&](std::uint64_t every) {
    return every != 0 && ledger->height() % every == 0;
  };
  for (std::size_t i = 0; i < batches.size(); ++i) {
    mutate(mutation, i == chosen, batches[i]);
    if (mutation == Mutation::kPosition && i + 1 == batches.size()) ++batches[i].position.value;
    record(must(ledger->commit(std::move(batches[i]))), outcome);
    if (machine.build_documents != 0) (void)must(ledger->build_indexes(machine.build_documents));
    const bool is_to_compact = is_due(machine.compact_every);
    if (!is_to_compact && !is_due(machine.reopen_every)) continue;
    readers.reset();
    ledger.reset();
    if (is_to_compact) compact(machine.directory);
    ledger = open(machine);
    readers.emplace(*ledger, machine.readers);
  }
  return ledger;
}

void print(const std::string& name, std::uint64_t count, Sha256& digest) {
  std::cout << name << " " << std::to_string(count) << " " << to_hex(digest.finish()) << "\n";
}

void print_blocks(const ChannelLedger& ledger) {
  Sha256 digest;
  for (std::uint64_t i = 0; i < ledger.height(); ++i) {
    digest.update(must(ledger.block(i)).value().SerializeAsString());
  }
  print("blocks", ledger.height(), digest);
}

void update_sized(Sha256& digest, std::string_view bytes) {
  digest.update(std::to_string(bytes.size()) + ":");
  digest.update(bytes);
}

void print_families(const Store& store) {
  constexpr const char* kNames[] = {"meta",    "state",   "blocks-family", "transactions",
                                    "history", "private", "expiry",        "indexes"};
  static_assert(std::size(kNames) == ledger::kFamilies);
  for (std::size_t i = 0; i < ledger::kFamilies; ++i) {
    const std::unique_ptr<rocksdb::Iterator> at(
        store.db().NewIterator({}, store.family(static_cast<Family>(i))));
    Sha256 digest;
    std::uint64_t count = 0;
    for (at->SeekToFirst(); at->Valid(); at->Next(), ++count) {
      update_sized(digest, ledger::view(at->key()));
      update_sized(digest, ledger::view(at->value()));
    }
    check(at->status());
    print(kNames[i], count, digest);
  }
}

void run(const Machine& machine) {
  rocksdb::Env::Default()->SetBackgroundThreads(machine.storage_threads, rocksdb::Env::LOW);
  rocksdb::Env::Default()->SetBackgroundThreads(machine.storage_threads, rocksdb::Env::HIGH);
  Outcome outcome;
  {
    const auto ledger = commit(machine, outcome);
    print("outcomes", outcome.transactions, outcome.digest);
    for (const auto& [code, count] : outcome.codes) {
      std::cout << "code " << std::to_string(count) << " " << code << "\n";
    }
    print_blocks(*ledger);
    std::cout << "last-block " << to_hex(ledger->last_block_hash()) << "\n";
  }
  if (mutation_of(machine.mutation) == Mutation::kClock) mix_clock_in(machine.directory);
  print_families(*must(Store::open_read_only(machine.directory)));
}

}  // namespace
}  // namespace ccbus::determinism

int main(int argc, char** argv) {
  ccbus::determinism::Machine machine;
  CLI::App app("Commits a log to a new ledger and prints digests of what results.");
  app.add_option("log", machine.log)->required();
  app.add_option("directory", machine.directory)->required();
  app.add_option("--storage-kilobytes", machine.storage_kilobytes);
  app.add_option("--tables-open-max", machine.tables_open_max);
  app.add_option("--reopen-every", machine.reopen_every);
  app.add_option("--compact-every", machine.compact_every);
  app.add_option("--build-documents", machine.build_documents);
  app.add_option("--readers", machine.readers);
  app.add_option("--storage-threads", machine.storage_threads);
  app.add_option("--mutate", machine.mutation, "skip, order, position, private-data or clock");
  CLI11_PARSE(app, argc, argv);
  try {
    std::setlocale(LC_ALL, "");  // C's functions and C++'s streams are those of the locale.
    std::locale::global(std::locale(""));
    const std::time_t now = std::time(nullptr);
    std::cerr << "year " << 1900 + std::gmtime(&now)->tm_year << ", radix "
              << std::localeconv()->decimal_point << ", day "
              << std::put_time(std::localtime(&now), "%A %Z") << "\n";
    ccbus::determinism::run(machine);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
