// How many invokes a second the service takes, each with one get, one put and an answer that comes
// after its block is on the disk, and what the disk alone takes for a sync.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/bench/bench_program.h"
#include "tests/bench/disk_probe.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";
constexpr std::size_t kValueBytes = 100;
constexpr std::array<std::size_t, 3> kInFlight = {1, 16, 64};

struct Plan {
  std::size_t rounds = 7;
  std::size_t syncs = 100;
  std::array<std::size_t, 3> invokes = {200, 2'000, 8'000};  // By kInFlight, each round.
};

constexpr Plan kQuick = {1, 10, {10, 100, 400}};

struct Round {
  Figures disk;
  std::array<Figures, 3> invokes;
  double steal_percent = 0;
};

std::string value_of(const std::string& key) {
  std::string value = "value of " + key + " ";
  value.resize(kValueBytes, '.');
  return value;
}

client::Invocation put(const std::string& key) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = {"put", key, value_of(key)}};
}

client::Invocation get(const std::string& key) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = {"get", key}};
}

// The service on a real directory, a chaincode process, and this process as the application.
class Bench {
 public:
  Bench()
      : service_({"ledger.directory=" + (directory_.path() / "ledger").string(),
                  "chaincode.keepalive=0"}),
        chaincode_({BENCH_CHAINCODE_BINARY, service_.chaincode_endpoint(), kName}),
        client_({.endpoint = service_.client_endpoint()}),
        disk_(directory_.path()) {
    static_cast<void>(chaincode_.read_line(10s));
    check(client_.status(10s));
  }

  [[nodiscard]] Round run_round(const Plan& plan) {
    const ProcessorTime time;
    Round round;
    round.disk = disk_.run(plan.syncs);
    for (std::size_t i = 0; i < kInFlight.size(); ++i) {
      round.invokes[i] = submit_all(kInFlight[i], plan.invokes[i]);
    }
    round.steal_percent = time.steal_percent();
    return round;
  }

  // Throws std::runtime_error unless the service has committed what was submitted, and the last
  // key of every run reads as it was written.
  void finish() {
    for (const std::string& key : last_keys_) {
      const client::Reply reply = client_.evaluate(get(key), 10s);
      check(reply);
      if (reply.response.evaluate().result().payload() != value_of(key)) {
        throw std::runtime_error(key + " does not read as it was written");
      }
    }
    const client::Reply status = client_.status(10s);
    check(status);
    const auto& counters = status.response.service_status().counters();
    if (counters.at("ledger_transactions_valid") != submitted_ ||
        counters.at("ledger_transactions_invalid") != 0) {
      throw std::runtime_error("the ledger does not hold what was submitted");
    }
    if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
  }

 private:
  static void check(const client::Reply& reply) {
    if (!reply.error.ok()) throw std::runtime_error("the service said: " + reply.error.message);
  }

  void submit_one(std::unordered_map<std::uint64_t, Clock::time_point>& open) {
    const std::string key = "key" + std::to_string(++submitted_);
    const client::Sent sent = client_.send_submit(put(key));
    if (!sent.ok()) throw std::runtime_error("cannot submit: " + sent.error.message);
    open.emplace(sent.correlation_id, Clock::now());
  }

  Figures submit_all(std::size_t in_flight, std::size_t count) {
    std::unordered_map<std::uint64_t, Clock::time_point> open;
    Measurement measured;
    const auto start = Clock::now();
    std::size_t sent = 0;
    for (; sent < in_flight && sent < count; ++sent) submit_one(open);
    while (measured.count() < count) {
      const auto reply = client_.receive(30s);
      if (!reply) throw std::runtime_error("no answer came in time");
      check(*reply);
      if (reply->response.submit().validation_code() != protos::VALID) {
        throw std::runtime_error("a transaction is not valid");
      }
      const auto at = open.find(reply->correlation_id);
      if (at == open.end()) throw std::runtime_error("an answer to nothing that was asked");
      measured.add(Clock::now() - at->second);
      open.erase(at);
      if (sent == count) continue;
      submit_one(open);
      ++sent;
    }
    last_keys_.push_back("key" + std::to_string(submitted_));
    measured.add_elapsed(Clock::now() - start);
    return measured.figures();
  }

  test::TemporaryDirectory directory_;
  test::ServiceProcess service_;
  test::Process chaincode_;
  client::Client client_;
  DiskProbe disk_;
  std::uint64_t submitted_ = 0;
  std::vector<std::string> last_keys_;
};

void print_row(const std::string& name, const Round& round) {
  std::printf("  %-7s %8.2f", name.c_str(), round.disk.p50_us / 1000);
  for (const Figures& figures : round.invokes) {
    std::printf("   %7.0f %7.2f %7.2f", figures.per_second, figures.p50_us / 1000,
                figures.p99_us / 1000);
  }
  std::printf("   %5.1f\n", round.steal_percent);
}

Figures median_figures(const std::vector<Round>& rounds, const auto& pick) {
  return {median_of(rounds, [&](const Round& r) { return pick(r).p50_us; }),
          median_of(rounds, [&](const Round& r) { return pick(r).p99_us; }),
          median_of(rounds, [&](const Round& r) { return pick(r).per_second; })};
}

Round median_round(const std::vector<Round>& rounds) {
  Round middle;
  middle.disk = median_figures(rounds, [](const Round& r) { return r.disk; });
  for (std::size_t i = 0; i < kInFlight.size(); ++i) {
    middle.invokes[i] = median_figures(rounds, [i](const Round& r) { return r.invokes[i]; });
  }
  middle.steal_percent = median_of(rounds, [](const Round& r) { return r.steal_percent; });
  return middle;
}

void print(const std::vector<Round>& rounds) {
  std::printf("Invokes: one get, one put of %zu bytes, answered after the sync\n", kValueBytes);
  std::printf("  %-7s %8s", "", "sync ms");
  for (const std::size_t in_flight : kInFlight) {
    std::printf("   %2zu: per s %7s %7s", in_flight, "p50 ms", "p99 ms");
  }
  std::printf("   %5s\n", "steal");
  for (std::size_t i = 0; i < rounds.size(); ++i) print_row(std::to_string(i + 1), rounds[i]);
  print_row("median", median_round(rounds));
}

nlohmann::json to_json(const Round& round) {
  nlohmann::json invokes = nlohmann::json::array();
  for (std::size_t i = 0; i < kInFlight.size(); ++i) {
    invokes.push_back({{"in_flight", kInFlight[i]},
                       {"per_second", round.invokes[i].per_second},
                       {"p50_us", round.invokes[i].p50_us},
                       {"p99_us", round.invokes[i].p99_us}});
  }
  return {{"sync_p50_us", round.disk.p50_us},
          {"sync_p99_us", round.disk.p99_us},
          {"invokes", invokes},
          {"steal_percent", round.steal_percent}};
}

void run(const Arguments& arguments) {
  const Plan plan = arguments.amount == Amount::kQuick ? kQuick : Plan{};
  Bench bench;
  std::vector<Round> rounds;
  for (std::size_t i = 0; i < plan.rounds; ++i) rounds.push_back(bench.run_round(plan));
  bench.finish();
  if (!arguments.json) return print(rounds);
  nlohmann::json all = nlohmann::json::array();
  for (const Round& round : rounds) all.push_back(to_json(round));
  std::printf(
      "%s\n",
      nlohmann::json{{"median", to_json(median_round(rounds))}, {"rounds", all}}.dump().c_str());
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_program(
      argc, argv, {"Measures invokes a second through ccbusd, committed to a real disk."},
      ccbus::bench::run);
}
