// The real service under load for minutes, while one thing after the other goes wrong. Prints what
// it takes and how fast it answers, and fails if anything is lost or does not come back.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/soak/disturbances.h"
#include "tests/soak/load.h"
#include "tests/soak/process_usage.h"
#include "tests/support/notebook.h"
#include "tests/support/service_process.h"
#include "tests/support/small_disk.h"

namespace ccbus::soak {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::size_t kLoads = 2;

struct Plan {
  int seconds = 60;
  int phase_seconds = 12;
  std::uint64_t seed = 1;
};

// For what is written in that time; the full disk is in memory.
std::uint64_t disk_bytes(const Plan& plan) {
  return (300 + 3 * static_cast<std::uint64_t>(plan.seconds) / 2) * kMiB;
}

struct Totals {
  std::uint64_t committed = 0;
  std::uint64_t refused = 0;
  std::chrono::microseconds slowest{0};
  int kills = 0;
  std::vector<std::string> complaints;
};

shim::Options shim_options(const test::ServiceProcess& service) {
  shim::Options options;
  options.peer_address = service.chaincode_endpoint();
  options.chaincode_id = "notes";
  options.log = [](std::string_view) {};
  return options;
}

std::chrono::microseconds percentile(std::vector<std::chrono::microseconds>& sorted, double part) {
  if (sorted.empty()) return std::chrono::microseconds(0);
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

class Soak {
 public:
  explicit Soak(const Plan& plan)
      : plan_(plan),
        disk_(test::SmallDisk::mount(disk_bytes(plan))),
        ledger_((disk_ ? disk_->path() : directory_.path()) / "ledger"),
        service_({"ledger.directory=" + ledger_.string(), "operations.listenAddress=127.0.0.1:0",
                  "chaincode.executetimeout=5s", "limits.firstMessage=5s", "logging.level=off",
                  "limits.diskFreeBytes=" + std::to_string(32 * kMiB)}),
        shim_(shim_options(service_), notes_),
        random_(plan.seed) {
    shim_.start();
    wait_until_served();
    for (std::size_t i = 0; i < kLoads; ++i) {
      loads_.push_back(std::make_unique<Load>(service_.client_endpoint(), "w" + std::to_string(i)));
    }
  }

  // Returns the exit code.
  int run() {
    std::printf("%6s  %-13s %8s %8s %9s %9s %9s %8s %8s %6s %8s\n", "s", "phase", "commits/s",
                "refused", "p50 ms", "p99 ms", "max ms", "MiB", "peak", "fds", "threads");
    if (!disk_) std::printf("without a disk of its own, which needs root: no full disk\n");
    phase("calm", stay_calm);
    while (seconds() < plan_.seconds) {
      for (const Disturbance& disturbance : disturbances()) {
        if (seconds() >= plan_.seconds) break;
        phase(disturbance.name, disturbance.act);
      }
    }
    phase("calm at last", stay_calm);
    return conclude();
  }

 private:
  [[nodiscard]] long seconds() const {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            begun_)
        .count();
  }

  void wait_until_served() {
    client::Client client({.endpoint = service_.client_endpoint()});
    test::wait_until_served(client);
  }

  void phase(const std::string& name, void (*act)(Scene&)) {
    const auto begun = std::chrono::steady_clock::now();
    Scene scene{service_, ledger_, disk_ != nullptr, random_,
                begun + std::chrono::seconds(plan_.phase_seconds)};
    try {
      act(scene);
      wait_until_served();
    } catch (const std::exception& error) {
      totals_.complaints.push_back(name + ": " + error.what());
    }
    if (name == "kill") {
      ++totals_.kills;
      calm_.reset();
    }
    report(name, std::chrono::steady_clock::now() - begun);
  }

  void report(const std::string& name, std::chrono::steady_clock::duration took) {
    Tally all;
    for (const auto& load : loads_) {
      const Tally one = load->take();
      all.committed += one.committed;
      all.refused += one.refused;
      all.latency.insert(all.latency.end(), one.latency.begin(), one.latency.end());
    }
    std::ranges::sort(all.latency);
    totals_.committed += all.committed;
    totals_.refused += all.refused;
    const auto slowest = percentile(all.latency, 1);
    totals_.slowest = std::max(totals_.slowest, slowest);
    const ProcessUsage usage = usage_of(service_.pid());
    const auto ms = [](std::chrono::microseconds time) { return time.count() / 1'000.0; };
    std::printf("%6ld  %-13s %9.0f %8lu %9.1f %9.1f %9.1f %8lu %8lu %6lu %8lu\n", seconds(),
                name.c_str(),
                static_cast<double>(all.committed) / std::chrono::duration<double>(took).count(),
                all.refused, ms(percentile(all.latency, 0.5)), ms(percentile(all.latency, 0.99)),
                ms(slowest), usage.resident_bytes / kMiB, usage.peak_bytes / kMiB,
                usage.descriptors, usage.threads);
    std::fflush(stdout);
    if (name.starts_with("calm")) compare(name, usage, all);
  }

  // What is calm now against what was calm when this process was young.
  void compare(const std::string& name, const ProcessUsage& usage, const Tally& tally) {
    if (tally.committed == 0) totals_.complaints.push_back(name + ": nothing was committed");
    if (!calm_) {
      calm_ = usage;
      return;
    }
    const auto above = [&](const char* what, std::uint64_t now, std::uint64_t bound) {
      if (now <= bound) return;
      totals_.complaints.push_back(name + ": " + std::to_string(now) + " " + what + ", bound " +
                                   std::to_string(bound));
    };
    above("bytes resident", usage.resident_bytes, calm_->resident_bytes + 250 * kMiB);
    above("threads", usage.threads, calm_->threads + 1);  // That of one more channel.
    above("descriptors", usage.descriptors,
          calm_->descriptors + 600);  // Tables, up to their limit.
  }

  int conclude() {
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;
    client::Client client({.endpoint = service_.client_endpoint()});
    for (const auto& load : loads_) {
      load->end();
      acknowledged += load->acknowledged();
      lost += load->lost() + load->read_all(client);
    }
    if (service_.stop() != 0) totals_.complaints.emplace_back("the service did not stop with 0");
    std::printf(
        "\n%ld s, seed %lu: %lu commits acknowledged, %lu lost; %lu submits refused; %d kills; "
        "slowest answer %.0f ms\n",
        seconds(), plan_.seed, acknowledged, lost, totals_.refused, totals_.kills,
        totals_.slowest.count() / 1'000.0);
    for (const std::string& complaint : totals_.complaints)
      std::printf("! %s\n", complaint.c_str());
    const bool passed = lost == 0 && acknowledged > 0 && totals_.complaints.empty();
    std::printf("%s\n", passed ? "passed" : "FAILED");
    return passed ? 0 : 1;
  }

  const Plan plan_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  const test::TemporaryDirectory directory_;
  const std::unique_ptr<test::SmallDisk> disk_;  // Null without the right to mount one.
  const std::filesystem::path ledger_;
  test::ServiceProcess service_;
  test::Notes notes_;
  shim::Shim shim_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<Load>> loads_;
  std::optional<ProcessUsage> calm_;  // Of this process, when it was young.
  Totals totals_;
};

}  // namespace
}  // namespace ccbus::soak

int main(int argc, char** argv) {
  CLI::App app("Runs ccbusd under load while one thing after the other goes wrong.");
  app.footer("Example:\n  soak --seconds 1800\n\nExit codes: 0 passed, 1 failed, 2 wrong usage.");
  ccbus::soak::Plan plan;
  app.add_option("--seconds", plan.seconds, "How long")->capture_default_str();
  app.add_option("--phase-seconds", plan.phase_seconds, "How long each thing goes wrong")
      ->capture_default_str()
      ->check(CLI::Range(1, 600));
  app.add_option("--seed", plan.seed, "For what is random")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return ccbus::soak::Soak(plan).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 1;
  }
}
