// Whether a ledger that has grown is as fast as a new one: transactions a second, reads of old
// keys, what is written and kept for a transaction, memory, and how long a start takes.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/bench/bench_program.h"
#include "tests/bench/growth/growing_ledger.h"
#include "tests/bench/growth/storage_probe.h"
#include "tests/bench/process_memory.h"
#include "tests/support/process.h"

namespace ccbus::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kMiB = 1 << 20;
constexpr std::size_t kReadsPerBlock = 8;
constexpr std::size_t kLookUps = 2'000;
constexpr std::uint64_t kTurns = 9;

// Parts of a filter and of an index, and a block of data, of a few tables.
constexpr double kLookUpBytesMax = 128 << 10;
constexpr std::chrono::minutes kPatience{10};

struct Plan {
  std::uint64_t transactions = 1'000'000;
  std::uint64_t part = 0;  // Transactions of a line of the table; 0: a tenth.
  std::uint64_t keys = 0;  // 0: every transaction writes new ones.
  std::size_t channels = 1;
  std::size_t writes = 1;
  bool documents = false;
  std::string directory;  // Empty: a temporary one.
  // What a child is to do.
  std::string start_in;
  std::string fill_log_in;
};

// All channels of a run, whose blocks are committed in turn.
class Channels {
 public:
  Channels(const Plan& plan, const fs::path& directory) : plan_(plan) {
    for (std::size_t i = 0; i < plan.channels; ++i) {
      ledgers_.push_back(std::make_unique<GrowingLedger>(options(directory, i)));
    }
  }

  [[nodiscard]] GrowingLedger::Options options(const fs::path& directory,
                                               std::size_t number) const {
    const ChannelId channel{"ch" + std::to_string(number)};
    GrowingLedger::Options options;
    options.stamp.channel = channel;
    options.stamp.writes = plan_.writes;
    options.stamp.keys = plan_.keys;
    options.stamp.values = plan_.documents ? Values::kDocuments : Values::kText;
    options.indexes = plan_.documents;
    options.ledger.directory = directory / channel.value;
    options.ledger.memory = memory_;
    return options;
  }

  [[nodiscard]] std::uint64_t transactions() const {
    std::uint64_t all = 0;
    for (const auto& ledger : ledgers_) all += ledger->transactions();
    return all;
  }

  void settle(Spent& spent) {
    for (const auto& ledger : ledgers_) ledger->settle(spent);
  }

  GrowingLedger& next() { return *ledgers_[next_++ % ledgers_.size()]; }

 private:
  const Plan plan_;
  const std::shared_ptr<ledger::StorageMemory> memory_ = std::make_shared<ledger::StorageMemory>();
  std::vector<std::unique_ptr<GrowingLedger>> ledgers_;
  std::size_t next_ = 0;
};

// What a part of the growth took.
struct Part {
  std::uint64_t transactions = 0;
  Spent commits;
  Measurement reads;
  Spent reading;

  [[nodiscard]] double per_second() const {
    return static_cast<double>(transactions) /
           std::chrono::duration<double>(commits.elapsed).count();
  }
};

double microseconds(std::chrono::nanoseconds time, std::uint64_t count) {
  return static_cast<double>(time.count()) / 1000 / static_cast<double>(count);
}

Part grow(Channels& channels, std::uint64_t until) {
  Part part;
  const std::uint64_t before = channels.transactions();
  while (channels.transactions() < until) {
    GrowingLedger& ledger = channels.next();
    ledger.commit(part.commits);
    ledger.read_old_keys(kReadsPerBlock, part.reads, part.reading);
  }
  part.transactions = channels.transactions() - before;
  part.reads.add_elapsed(part.reading.elapsed);
  return part;
}

std::vector<FigureTable::Column> part_columns() {
  return {{"transactions"},   {"tx/s"},           {"commit us", 1},   {"all CPU us", 1},
          {"read p50 us", 1}, {"read p99 us", 1}, {"read CPU us", 1}, {"disk B/tx"},
          {"written B/tx"},   {"tables"},         {"log MiB", 1},     {"RSS MiB"},
          {"private MiB"}};
}

std::vector<double> figures_of(const Part& part, const Channels& channels,
                               const fs::path& directory, double written) {
  const auto count = static_cast<double>(channels.transactions());
  const FilesOnDisk files = files_below(directory);
  const Figures reads = part.reads.figures();
  return {count,
          part.per_second(),
          microseconds(part.commits.thread, part.transactions),
          microseconds(part.commits.process, part.transactions),
          reads.p50_us,
          reads.p99_us,
          microseconds(part.reading.thread, part.reads.count()),
          (files.table_bytes + files.blob_bytes + files.log_bytes) / count,
          written / static_cast<double>(part.transactions),
          static_cast<double>(files.tables),
          files.log_bytes / kMiB,
          resident_memory() / kMiB,
          private_memory_of(getpid()) / kMiB};
}

FigureTable run_parts(Channels& channels, const Plan& plan, const fs::path& directory) {
  FigureTable table("A ledger that grows", part_columns());
  std::uint64_t until = 0;
  do {
    until = std::min(until + plan.part, plan.transactions);
    const double before = bytes_written();
    const Part part = grow(channels, until);
    table.add_round(figures_of(part, channels, directory, bytes_written() - before));
    std::fprintf(stderr, "%llu transactions, %.0f a second\n",
                 static_cast<unsigned long long>(until), part.per_second());
  } while (until < plan.transactions);
  return table;
}

FigureTable run_look_ups(GrowingLedger& ledger) {
  FigureTable table("Blocks that a look-up reads from files: of a key | of an unknown transaction",
                    {{"filter", 3},
                     {"index", 3},
                     {"all", 3},
                     {"bytes"},
                     {"bytes max"},
                     {"filter", 3},
                     {"index", 3},
                     {"all", 3},
                     {"bytes"},
                     {"bytes max"}});
  const BlocksRead keys = ledger.look_for_keys(kLookUps);
  const BlocksRead ids = ledger.look_for_transactions(kLookUps);
  if (std::max(keys.bytes_max, ids.bytes_max) > kLookUpBytesMax) {
    throw std::runtime_error("a look-up has read more than a few blocks");
  }
  table.add_round({keys.filter, keys.index, keys.blocks, keys.bytes, keys.bytes_max, ids.filter,
                   ids.index, ids.blocks, ids.bytes, ids.bytes_max});
  return table;
}

// A process of its own that runs this program.
std::vector<std::string> command_of(const Plan& plan, const std::string& what,
                                    const fs::path& directory) {
  std::vector<std::string> command{fs::read_symlink("/proc/self/exe").string(),
                                   what,
                                   directory.string(),
                                   "--keys",
                                   std::to_string(plan.keys),
                                   "--writes",
                                   std::to_string(plan.writes),
                                   "--channels",
                                   std::to_string(plan.channels)};
  if (plan.documents) command.push_back("--documents");
  return command;
}

double start_ms(const Plan& plan, const fs::path& directory) {
  test::Process child(command_of(plan, "--start-in", directory));
  return std::stod(child.read_line(kPatience));
}

// Opens what is there and says how long it took.
void start(const Plan& plan) {
  const Clock::time_point before = Clock::now();
  const Channels channels(plan, plan.start_in);
  std::printf("%.3f\n", std::chrono::duration<double, std::milli>(Clock::now() - before).count());
}

// Goes on until the write-ahead log is about as long as it gets, and is then killed.
void fill_log(const Plan& plan) {
  Channels channels(plan, plan.fill_log_in);
  constexpr std::uint64_t kBlocksBetweenLooks = 16;
  constexpr std::size_t kLooks = 200;  // About 200,000 transactions.
  std::vector<double> logs;
  const auto look = [&] {
    Spent ignored;
    for (std::uint64_t i = 0; i < kBlocksBetweenLooks; ++i) channels.next().commit(ignored);
    return files_below(plan.fill_log_in).log_bytes;
  };
  for (std::size_t i = 0; i < kLooks; ++i) logs.push_back(look());
  std::sort(logs.begin(), logs.end());
  const double long_log = logs[kLooks * 4 / 5];
  for (std::size_t i = 0; i < kLooks && look() < long_log; ++i) {
  }
  kill(getpid(), SIGKILL);
}

FigureTable run_starts(const Plan& plan, const fs::path& directory) {
  FigureTable table("Opening the ledger", {{"clean ms", 1}, {"killed ms", 1}, {"log MiB", 1}});
  std::vector<double> clean;  // What was just written keeps the disk busy for a while.
  for (int i = 0; i < 3; ++i) clean.push_back(start_ms(plan, directory));
  test::Process child(command_of(plan, "--fill-log-in", directory));
  if (child.wait(kPatience) != 128 + SIGKILL) throw std::runtime_error("the child was not killed");
  const double log = files_below(directory).log_bytes / kMiB;
  table.add_round({median(clean), start_ms(plan, directory), log});
  return table;
}

FigureTable run_bytes(const Channels& channels, GrowingLedger& ledger) {
  FigureTable table("Bytes of a transaction", {{"block", 0}, {"all entries", 0}});
  table.add_round({ledger.block_bytes_of_transaction(),
                   GrowingLedger::entry_bytes_of_transaction(channels.options("", 0))});
  return table;
}

// The grown ledger goes on, and a new one grows, in turns; each turn ends when what it has caused
// to be compacted is compacted.
FigureTable run_in_turns(const Plan& plan, const fs::path& directory) {
  FigureTable table("In turns: a new ledger | the grown one", {{"tx/s"},
                                                               {"commit us", 1},
                                                               {"all CPU us", 1},
                                                               {"read p50 us", 1},
                                                               {"read CPU us", 1},
                                                               {"tx/s"},
                                                               {"commit us", 1},
                                                               {"all CPU us", 1},
                                                               {"read p50 us", 1},
                                                               {"read CPU us", 1},
                                                               {"tx/s ratio", 2},
                                                               {"CPU ratio", 2},
                                                               {"read ratio", 2}});
  Channels fresh(plan, directory / "fresh");
  Channels grown(plan, directory / "grown");
  const std::uint64_t of_turn = std::max<std::uint64_t>(plan.part / (2 * kTurns), 1);
  for (std::uint64_t turn = 0; turn < kTurns; ++turn) {
    std::vector<double> figures;
    for (Channels* channels : {&fresh, &grown}) {
      Part part = grow(*channels, channels->transactions() + of_turn);
      channels->settle(part.commits);
      figures.insert(
          figures.end(),
          {part.per_second(), microseconds(part.commits.thread, part.transactions),
           microseconds(part.commits.process, part.transactions), part.reads.figures().p50_us,
           microseconds(part.reading.thread, part.reads.count())});
    }
    figures.insert(figures.end(),
                   {figures[5] / figures[0], figures[7] / figures[2], figures[8] / figures[3]});
    table.add_round(std::move(figures));
  }
  return table;
}

// Tables are printed as soon as they are complete, since a run may take an hour; JSON is one value.
class Results {
 public:
  explicit Results(const Arguments& arguments) : arguments_(arguments) {}

  void add(FigureTable table) {
    if (!arguments_.json) {
      table.print();
      std::fflush(stdout);
    }
    tables_.push_back(std::move(table));
  }
  void finish() const {
    if (arguments_.json) print_tables(tables_, arguments_);
  }

 private:
  const Arguments& arguments_;
  std::vector<FigureTable> tables_;
};

void measure(const Plan& plan, const fs::path& directory, Results& results) {
  {
    Channels channels(plan, directory / "grown");
    results.add(run_parts(channels, plan, directory / "grown"));
    results.add(run_bytes(channels, channels.next()));
  }
  {
    Channels channels(plan, directory / "grown");  // With an empty cache.
    results.add(run_look_ups(channels.next()));
  }
  results.add(run_starts(plan, directory / "grown"));
  results.add(run_in_turns(plan, directory));
}

void run(Plan plan, const Arguments& arguments) {
  if (arguments.amount == Amount::kQuick) plan.transactions = 20'000;
  if (plan.part == 0) plan.part = plan.transactions / 10;
  if (plan.keys == 0) plan.keys = plan.transactions * 2 * plan.writes;
  if (!plan.start_in.empty()) return start(plan);
  if (!plan.fill_log_in.empty()) return fill_log(plan);
  const test::TemporaryDirectory temporary;
  Results results(arguments);
  measure(plan, plan.directory.empty() ? temporary.path() : fs::path(plan.directory), results);
  results.finish();
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  ccbus::bench::Plan plan;
  const auto add_options = [&plan](CLI::App& app) {
    app.add_option("--transactions", plan.transactions, "How many there are at the end")
        ->check(CLI::Range(6'400ull, 1'000'000'000ull));
    app.add_option("--part", plan.part, "Transactions of a line of the table; a tenth of all");
    app.add_option("--keys", plan.keys, "How many there are at the end; as many as are written");
    app.add_option("--channels", plan.channels, "Among which the transactions are shared out")
        ->check(CLI::Range(1, 1'000));
    app.add_option("--writes", plan.writes, "Keys that a transaction writes")
        ->check(CLI::Range(1, 1'000));
    app.add_flag("--documents", plan.documents, "Values are JSON documents with two indexes");
    app.add_option("--directory", plan.directory, "Where the ledgers are made; a temporary one")
        ->check(CLI::ExistingDirectory);
    app.add_option("--start-in", plan.start_in)->group("");
    app.add_option("--fill-log-in", plan.fill_log_in)->group("");
  };
  return ccbus::bench::run_program(
      argc, argv, {"Compares a ledger that has grown with a new one.", add_options},
      [&plan](const ccbus::bench::Arguments& arguments) { ccbus::bench::run(plan, arguments); });
}
