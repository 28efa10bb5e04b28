#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>

#include "service/base/clock.h"
#include "service/load/result/outcome_tally.h"

namespace ccbus::load {

// What the process that generates the load and a process of its chaincode say to each other, in
// lines of JSON; dealer_process.h lists them.

struct MeasureCommand {
  Window window;
  double churn = 0;  // Dealers of this process that leave and come back, per second.
};
struct EndCommand {
  SteadyTime until;
};
struct ReportCommand {};
using DealerCommand = std::variant<MeasureCommand, EndCommand, ReportCommand>;

// Reads a line that DealerPool wrote. Throws nlohmann::json::exception for any other.
[[nodiscard]] DealerCommand parse_command(const std::string& line);

void write_registered(std::uint64_t dealers);
void write_ready();
void write_progress(std::uint64_t round_trips);
void write_failed(const std::string& message, bool is_peer_gone);

struct DealerReport {
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t registrations = 0;
};
void write_report(const OutcomeTally& round_trips, const DealerReport& report);

}  // namespace ccbus::load
