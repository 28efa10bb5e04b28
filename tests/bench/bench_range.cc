// How many keys per second a chaincode reads with GET_STATE_BY_RANGE and QUERY_STATE_NEXT, with 1,
// 16 and 64 transactions that scan at the same time.
#include <array>
#include <stdexcept>
#include <unordered_map>

#include "fabric/ledger/kv_query_result.pb.h"
#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/service_driver.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {
namespace {

using Message = protos::ChaincodeMessage;

constexpr std::array<std::size_t, 3> kTogether = {1, 16, 64};

struct Plan {
  std::size_t rounds = 9;
  std::size_t keys = 10'000;
  std::size_t scans = 128;  // In each round; each scan reads all keys.
};

constexpr Plan kQuick = {2, 1'000, 64};

class RangeScans {
 public:
  explicit RangeScans(const Plan& plan) : plan_(plan) { driver_.store(plan.keys); }

  [[nodiscard]] std::vector<double> run_round(std::size_t together) {
    const ProcessorTime time;
    Measurement measured;
    for (std::size_t done = 0; done < plan_.scans; done += together) run(together, measured);
    const Figures pages = measured.figures();
    const auto keys = static_cast<double>(plan_.keys * plan_.scans);
    const double pages_per_key = static_cast<double>(measured.count()) / keys;
    return {pages.p50_us, pages.per_second / pages_per_key, pages.cpu_us * pages_per_key,
            time.steal_percent()};
  }

  void finish() { driver_.finish(requests_); }

 private:
  struct Scan {
    Message transaction;
    std::size_t keys = 0;
    std::string last;
    Clock::time_point asked;
  };

  // Each scan has its own transaction and reads from the first key to the last.
  void run(std::size_t together, Measurement& measured) {
    std::unordered_map<std::string, Scan> scans;  // By transaction id.
    std::vector<Message> transactions;
    for (std::size_t i = 0; i < together; ++i) transactions.push_back(driver_.begin());
    const auto cpu_before = processor_time_of(driver_.service().pid());
    const auto start = Clock::now();
    for (const Message& transaction : transactions) {
      Scan& scan = scans[transaction.txid()];
      scan.transaction = transaction;
      ask(scan, Message::GET_STATE_BY_RANGE, protos::GetStateByRange().SerializeAsString());
    }
    for (std::size_t ended = 0; ended < together;) {
      const Message reply = driver_.chaincode().expect(Message::RESPONSE);
      Scan& scan = scans.at(reply.txid());
      measured.add(Clock::now() - scan.asked);
      if (!go_on(scan, reply)) ++ended;
    }
    measured.add_elapsed(Clock::now() - start);
    measured.add_cpu(processor_time_of(driver_.service().pid()) - cpu_before);
    for (const Message& transaction : transactions) {
      check(scans.at(transaction.txid()));
      driver_.end(transaction);
    }
  }

  void ask(Scan& scan, Message::Type type, std::string payload) {
    scan.asked = Clock::now();
    driver_.chaincode().send(in_transaction(scan.transaction, type, std::move(payload)));
    ++requests_;
  }

  // Returns false at the end of the scan.
  bool go_on(Scan& scan, const Message& reply) {
    protos::QueryResponse page;
    if (!page.ParseFromString(reply.payload())) throw std::runtime_error("a page is none");
    scan.keys += static_cast<std::size_t>(page.results_size());
    if (!page.has_more()) {
      if (page.results_size() > 0) scan.last = page.results().rbegin()->resultbytes();
      return false;
    }
    protos::QueryStateNext next;
    next.set_id(page.id());
    ask(scan, Message::QUERY_STATE_NEXT, next.SerializeAsString());
    return true;
  }

  void check(const Scan& scan) const {
    queryresult::KV last;
    const bool is_whole = scan.keys == plan_.keys && last.ParseFromString(scan.last) &&
                          last.key() == ServiceDriver::key_of(plan_.keys - 1) &&
                          last.value() == ServiceDriver::value_of(plan_.keys - 1);
    if (!is_whole) throw std::runtime_error("a range is not what was stored");
  }

  const Plan plan_;
  ServiceDriver driver_;
  std::uint64_t requests_ = 0;
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? kQuick : Plan{};
  RangeScans scans(plan);
  std::vector<FigureTable> tables;
  for (const std::size_t together : kTogether) {
    tables.emplace_back("A range of " + std::to_string(plan.keys) + " keys in pages of 100, " +
                            std::to_string(together) + " scans together",
                        std::vector<FigureTable::Column>{
                            {"page us"}, {"keys/s"}, {"cpu us/key", 3}, {"steal %", 1}});
    static_cast<void>(scans.run_round(together));  // To warm up.
  }
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < kTogether.size(); ++i) {
      tables[i].add_round(scans.run_round(kTogether[i]));
    }
  }
  scans.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Measures range queries through ccbusd, page by page."}, ccbus::bench::measure);
}
