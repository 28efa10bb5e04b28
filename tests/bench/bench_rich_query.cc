// The cost of a rich query that finds its documents through an index, and of one that has to read
// all documents, with 100,000 documents.
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/statistics.h"
#include "tests/support/rich_query_rig.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kOwners = 1'000;
constexpr std::size_t kDocumentsPerBlock = 1'000;
const char* const kColors[] = {"red", "green", "blue", "black", "white", "yellow", "brown"};

struct Plan {
  std::size_t rounds;
  std::size_t documents;
  std::size_t queries;  // In each round, by the index; without one a tenth of it.
};

std::string key_of(std::size_t number) {
  return "asset" + std::to_string(10'000'000 + number);
}

std::string document(std::size_t number) {
  return R"({"docType":"asset","ID":")" + key_of(number) + R"(","color":")" +
         kColors[number % std::size(kColors)] + R"(","size":)" + std::to_string(number % 50) +
         R"(,"owner":"owner)" + std::to_string(number % kOwners) + R"(","appraisedValue":)" +
         std::to_string(number) + "}";
}

// The ledger in memory, without the service: only the query is measured.
class Bench {
 public:
  explicit Bench(const Plan& plan) : plan_(plan) {
    rig_.define_indexes(indexes_);
    for (std::size_t first = 0; first < plan.documents; first += kDocumentsPerBlock) {
      std::vector<std::pair<std::string, std::string>> pairs;
      for (std::size_t i = first; i < std::min(plan.documents, first + kDocumentsPerBlock); ++i) {
        pairs.emplace_back(key_of(i), document(i));
      }
      rig_.write(pairs);
    }
    rig_.build_all();
  }

  [[nodiscard]] std::vector<double> run_round() {
    const ProcessorTime time;
    Measurement with;
    Measurement without;
    for (std::size_t i = 0; i < plan_.queries; ++i) {
      run(indexes_, with);
      if (i % 10 == 0) run({}, without);
    }
    const double scan_us = without.figures().p50_us;
    const double index_us = with.figures().p50_us;
    return {scan_us / 1000, static_cast<double>(plan_.documents) / scan_us * 1e6, index_us / 1000,
            scan_us / index_us, time.steal_percent()};
  }

 private:
  void run(const std::vector<ccbus::IndexConfig>& indexes, Measurement& measured) {
    const std::string owner = "owner" + std::to_string(next_owner_++ % kOwners);
    const std::string query = R"({"selector":{"docType":"asset","owner":")" + owner + R"("}})";
    const auto start = Clock::now();
    const test::RichQueryRig::Answer answer = rig_.ask(query, indexes);
    measured.add(Clock::now() - start);
    measured.add_elapsed(Clock::now() - start);
    if (answer.keys.size() != plan_.documents / kOwners ||
        answer.index.empty() != indexes.empty()) {
      throw std::runtime_error("a query does not give what it has to");
    }
  }

  const Plan plan_;
  const std::vector<ccbus::IndexConfig> indexes_ = {test::index_on({"owner"})};
  test::RichQueryRig rig_{ledger::ChannelLedger::Options{}};
  std::size_t next_owner_ = 0;
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 5'000, 10} : Plan{7, 100'000, 50};
  FigureTable table("A selector on an owner among " + std::to_string(plan.documents) +
                        " documents, one in 1,000 fits: without an index | with one",
                    {{"scan ms", 1}, {"documents/s"}, {"index ms", 3}, {"ratio"}, {"steal %", 1}});
  Bench bench(plan);
  static_cast<void>(bench.run_round());  // To warm up.
  for (std::size_t round = 0; round < plan.rounds; ++round) table.add_round(bench.run_round());
  return {table};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv,
                                 {"Compares a rich query by an index with one that has none."},
                                 ccbus::bench::measure);
}
