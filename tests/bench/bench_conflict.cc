// What the service commits and what it refuses when everybody writes the same few keys: 64 invokes
// under way, each reading and writing one of 1, 10, 100 or 1,000 keys.
#include <array>
#include <chrono>
#include <random>
#include <stdexcept>

#include "ccbus/client/client.h"
#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";
constexpr std::size_t kInFlight = 64;
constexpr std::array<std::size_t, 4> kHotKeys = {1, 10, 100, 1'000};

struct Plan {
  std::size_t rounds;
  std::size_t invokes;  // In each round, for each number of keys.
};

client::Reply require(std::optional<client::Reply> reply) {
  if (!reply) throw std::runtime_error("no answer came in time");
  return std::move(*reply);
}

client::Reply checked(client::Reply reply) {
  if (!reply.error.ok()) throw std::runtime_error("the service said: " + reply.error.message);
  return reply;
}

// The service on a real directory, a chaincode process, and this process as the application.
class Bench {
 public:
  Bench()
      : service_({"ledger.directory=" + (directory_.path() / "ledger").string(),
                  "chaincode.keepalive=0"}),
        chaincode_({BENCH_CHAINCODE_BINARY, service_.chaincode_endpoint(), kName}),
        client_({.endpoint = service_.client_endpoint()}) {
    static_cast<void>(chaincode_.read_line(10s));
    static_cast<void>(checked(client_.status(10s)));
  }

  [[nodiscard]] std::vector<double> run_round(std::size_t keys, std::size_t invokes) {
    const ProcessorTime time;
    const std::uint64_t valid_before = valid_;
    const auto start = Clock::now();
    std::size_t sent = 0;
    for (; sent < kInFlight && sent < invokes; ++sent) submit_one(keys);
    for (std::size_t answered = 0; answered < invokes; ++answered) {
      count(require(client_.receive(30s)));
      if (sent == invokes) continue;
      submit_one(keys);
      ++sent;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const auto valid = static_cast<double>(valid_ - valid_before);
    const double conflicts = static_cast<double>(invokes) - valid;
    return {valid / seconds, conflicts / seconds, 100 * valid / static_cast<double>(invokes),
            time.steal_percent()};
  }

  // Throws std::runtime_error unless the service counted the same.
  void finish() {
    const client::Reply status = checked(client_.status(10s));
    const auto& counters = status.response.service_status().counters();
    if (valid_ == 0 || counters.at("ledger_transactions_valid") != valid_ ||
        counters.at("ledger_transactions_invalid") != conflicts_) {
      throw std::runtime_error("the ledger does not hold what was answered");
    }
    if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
  }

 private:
  void submit_one(std::size_t keys) {
    const std::string key = "hot" + std::to_string(random_() % keys);
    const client::Sent sent = client_.send_submit({.channel_id = "mychannel",
                                                   .chaincode_name = kName,
                                                   .args = {"put", key, std::string(100, 'v')}});
    if (!sent.ok()) throw std::runtime_error("cannot submit: " + sent.error.message);
  }

  void count(const client::Reply& reply) {
    if (reply.response.submit().validation_code() == protos::MVCC_READ_CONFLICT) {
      ++conflicts_;
    } else {
      static_cast<void>(checked(reply));
      ++valid_;
    }
  }

  test::TemporaryDirectory directory_;
  test::ServiceProcess service_;
  test::Process chaincode_;
  client::Client client_;
  std::mt19937 random_{1};  // The same keys in every run.
  std::uint64_t valid_ = 0;
  std::uint64_t conflicts_ = 0;
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 300} : Plan{7, 4'000};
  Bench bench;
  std::vector<FigureTable> tables;
  for (const std::size_t keys : kHotKeys) {
    tables.emplace_back("64 invokes in flight on hot keys: " + std::to_string(keys),
                        std::vector<FigureTable::Column>{
                            {"valid/s"}, {"conflicts/s"}, {"valid %", 1}, {"steal %", 1}});
  }
  static_cast<void>(bench.run_round(kHotKeys.back(), plan.invokes));  // To warm up.
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < kHotKeys.size(); ++i) {
      tables[i].add_round(bench.run_round(kHotKeys[i], plan.invokes));
    }
  }
  bench.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv,
                                 {"Measures invokes that conflict, committed to a real disk."},
                                 ccbus::bench::measure);
}
