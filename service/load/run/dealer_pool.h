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

// The processes of the built-in chaincode, as the one that generates the load sees them.
class DealerPool final : public EventSource {
 public:
  struct Options {
    std::string endpoint;
    std::string name;
    std::uint32_t dealers = 1;
    std::uint32_t processes = 1;
  };

  // What all of them have counted while measuring.
  struct Report {
    OutcomeTally round_trips;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t registrations = 0;  // Dealers that left and came back.
  };

  // Starts them. `program` is the command that runs one, to which options are added. Throws
  // std::system_error.
  DealerPool(const std::vector<std::string>& program, const Options& options);

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  // Throws RunFailed where one has failed or ended.
  void on_readable() override;

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] std::uint64_t registered() const;
  [[nodiscard]] std::uint64_t round_trips() const;  // Within the window, as far as known.

  void measure(const Window& window, double churn);
  void end(SteadyTime until);
  void ask_for_report();
  // Once all have answered.
  [[nodiscard]] std::optional<Report> report() const;

  [[nodiscard]] std::vector<pid_t> pids() const;

  // Ends them; what does not end in time is killed. False: not all ended as they should.
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
  void say(const std::string& command);

  std::vector<Member> members_;
};

}  // namespace ccbus::load
