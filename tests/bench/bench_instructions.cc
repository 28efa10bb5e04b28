// How many instructions the service needs for a GET_STATE and for an invoke, under callgrind. These
// figures do not depend on how busy the machine is.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/callgrind.h"
#include "tests/bench/invoke_driver.h"
#include "tests/bench/state_reader.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kLanes = 64;
constexpr std::size_t kKeys = 1'000;

struct Plan {
  std::size_t round_trips;  // At least one for each key, so that later reads are not the first.
  std::size_t invokes;
};

// Prints where the bus thread's instructions went, after each table.
enum class Profile { kNo, kYes };

class Bench {
 public:
  Bench(const Plan& plan, Profile profile) : plan_(plan), profile_(profile) {}

  void measure_reads() {
    Callgrind callgrind;
    StateReader reader(kKeys, {.of_first = kLanes}, {.launcher = callgrind.launcher()});
    for (const std::size_t in_flight : {std::size_t{1}, kLanes}) {
      measure("GET_STATE", in_flight, plan_.round_trips, callgrind, reader.pid(),
              [&](std::size_t count) {
                Measurement unused;
                reader.run(std::span(reader.lanes()).first(in_flight), in_flight, count, unused);
              });
    }
    reader.finish();
  }

  void measure_invokes() {
    Callgrind callgrind;
    InvokeDriver driver(callgrind.launcher());
    for (const std::size_t in_flight : {std::size_t{1}, kLanes}) {
      measure("invoke, committed", in_flight, plan_.invokes, callgrind, driver.service(),
              [&](std::size_t count) { static_cast<void>(driver.submit(in_flight, count)); });
    }
    driver.finish();
  }

  [[nodiscard]] const std::vector<FigureTable>& tables() const { return tables_; }
  [[nodiscard]] const std::vector<std::string>& profile() const { return profile_lines_; }

 private:
  // One-time work is done before the counting begins.
  template <class Work>
  void measure(const std::string& what, std::size_t in_flight, std::size_t count,
               Callgrind& callgrind, pid_t service, const Work& work) {
    work(count);
    static_cast<void>(callgrind.count(service));
    work(count);
    const Instructions spent = callgrind.count(service);
    const double bus = spent.main_thread / static_cast<double>(count);
    const double others = spent.other_threads / static_cast<double>(count);
    const std::string title =
        "Instructions of ccbusd for each " + what + ", " + std::to_string(in_flight) + " in flight";
    tables_.emplace_back(
        title, std::vector<FigureTable::Column>{{"bus thread"}, {"other threads"}, {"all"}});
    tables_.back().add_round({bus, others, bus + others});
    if (profile_ == Profile::kNo) return;
    profile_lines_.push_back(title + ": the bus thread, each function without what it calls");
    for (std::string& line : callgrind.most_expensive(10)) {
      profile_lines_.push_back(std::move(line));
    }
  }

  const Plan plan_;
  const Profile profile_;
  std::vector<FigureTable> tables_;
  std::vector<std::string> profile_lines_;
};

void run(const Arguments& arguments, Profile profile) {
  if (!Callgrind::is_installed()) {
    return print_not_measured("valgrind is not installed (deploy/install-packages.sh test)",
                              arguments);
  }
  const Plan plan = arguments.amount == Amount::kQuick ? Plan{kKeys, 50} : Plan{5 * kKeys, 1'000};
  Bench bench(plan, profile);
  bench.measure_reads();
  bench.measure_invokes();
  print_tables(bench.tables(), arguments);
  for (const std::string& line : bench.profile()) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  using ccbus::bench::Profile;
  bool profile = false;
  return ccbus::bench::run_program(
      argc, argv,
      {"Counts the instructions of ccbusd for each GET_STATE and each invoke.",
       [&profile](CLI::App& app) {
         app.add_flag("--profile", profile,
                      "Say on stderr which ten functions of the bus thread cost most");
       }},
      [&profile](const ccbus::bench::Arguments& arguments) {
        ccbus::bench::run(arguments, profile ? Profile::kYes : Profile::kNo);
      });
}
