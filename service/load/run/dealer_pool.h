#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/load/result/outcome_tally.h"
#include "service/load/run/child_process.h"
#include "service/load/run/event_source.h"

namespace ccbus::load {

// The processes of the built-in chaincode, controlled by the process that generates the load.
class DealerPool final : public EventSource {
 public:
  struct Options {
    std::string endpoint;
    std::string name;
    std::uint32_t dealers = 1;
    std::uint32_t processes = 1;
    bool on_sdk = false;
    std::string key;  // Files of certificates; empty: without keys.
    std::string server_key;
  };

  // The sum of what all processes counted during the measured time.
  struct Report {
    OutcomeTally round_trips;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t registrations = 0;  // Dealers that left and came back.
  };

  // Starts the processes. `program` is the command that runs one of them; options are appended.
  // Throws std::system_error.
  DealerPool(const std::vector<std::string>& program, const Options& options);

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  // Throws RunFailed if a process has failed or ended.
  void on_readable() override;

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] std::uint64_t registered() const;
  [[nodiscard]] std::uint64_t round_trips() const;  // Within the window, as last reported.

  void measure(const Window& window, double churn);
  void end(SteadyTime until);
  void ask_for_report();
  // Returns nullopt until all processes have reported.
  [[nodiscard]] std::optional<Report> report() const;

  [[nodiscard]] std::vector<pid_t> pids() const;

  // Ends the processes; one that does not end in time is killed. Returns false if a process was
  // killed or failed.
  [[nodiscard]] bool stop();

 private:
  struct Member {
    std::unique_ptr<ChildProcess> process;
    std::uint32_t dealers = 0;
    std::uint64_t registered = 0;
    std::uint64_t round_trips = 0;
    bool is_ready = false;
    std::optional<Report> report;
  };

  static void on_event(Member& member, const std::string& line);
  void send_to_all(const std::string& command);

  std::vector<Member> members_;
};

}  // namespace ccbus::load
