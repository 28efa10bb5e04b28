#include "tests/bench/form_comparison.h"

#include <stdexcept>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kKeys = 100;  // Of one transaction.

struct Plan {
  std::size_t rounds;
  std::size_t transactions;  // In each round, of each form.
};

class FormComparison {
 public:
  explicit FormComparison(const Plan& plan) {
    driver_.store((plan.rounds + 1) * plan.transactions * 2 * kKeys);
  }

  // Runs a round of both. The first one is for warming up.
  std::vector<double> run_round(const Plan& plan, const Form& key_by_key, const Form& at_once) {
    const ProcessorTime time;
    Measurement slow;
    Measurement fast;
    for (std::size_t i = 0; i < plan.transactions; ++i) {
      run(key_by_key, slow);
      run(at_once, fast);
    }
    const Figures one = slow.figures();
    const Figures all = fast.figures();
    return {one.p50_us,
            one.per_second * kKeys,
            all.p50_us,
            all.per_second * kKeys,
            one.p50_us / all.p50_us,
            time.steal_percent()};
  }

  void finish() { driver_.finish(requests_); }

 private:
  void run(const Form& form, Measurement& measured) {
    const auto transaction = driver_.begin();
    const std::vector<Exchange> exchanges = form(transaction, next_key_, next_key_ + kKeys);
    next_key_ += kKeys;
    const auto start = Clock::now();
    for (const Exchange& exchange : exchanges) {
      driver_.chaincode().send_frame({exchange.request.data(), exchange.request.size()});
      if (driver_.chaincode().receive_frame().to_string_view() != exchange.reply) {
        throw std::runtime_error("a reply is not what it has to be");
      }
    }
    const auto took = Clock::now() - start;
    measured.add(took);
    measured.add_elapsed(took);
    requests_ += exchanges.size();
    driver_.end(transaction);
  }

  ServiceDriver driver_;
  std::size_t next_key_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace

FigureTable compare_forms(const std::string& title, Amount amount, const Form& key_by_key,
                          const Form& at_once) {
  const Plan plan = amount == Amount::kQuick ? Plan{2, 3} : Plan{9, 30};
  FigureTable table(title, {{"by key us"},
                            {"by key keys/s"},
                            {"at once us"},
                            {"at once keys/s"},
                            {"ratio", 1},
                            {"steal %", 1}});
  FormComparison comparison(plan);
  static_cast<void>(comparison.run_round(plan, key_by_key, at_once));
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    table.add_round(comparison.run_round(plan, key_by_key, at_once));
  }
  comparison.finish();
  return table;
}

}  // namespace ccbus::bench
