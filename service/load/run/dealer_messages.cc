#include "service/load/run/dealer_messages.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

void write_event(const nlohmann::ordered_json& event) {
  std::printf("%s\n", event.dump().c_str());
  std::fflush(stdout);
}

SteadyTime time_of(const json& command, const char* key) {
  return SteadyTime(1ns * command.at(key).get<std::int64_t>());
}

}  // namespace

DealerCommand parse_command(const std::string& line) {
  const json command = json::parse(line);
  const std::string& name = command.at("command").get_ref<const std::string&>();
  if (name == "measure") {
    return MeasureCommand{{time_of(command, "from_ns"), time_of(command, "until_ns")},
                          command.at("churn")};
  }
  if (name == "end") return EndCommand{time_of(command, "until_ns")};
  if (name == "report") return ReportCommand{};
  throw std::runtime_error("a command that is not known: " + line);
}

void write_registered(std::uint64_t dealers) {
  write_event({{"event", "registered"}, {"dealers", dealers}});
}

void write_ready() {
  write_event({{"event", "ready"}});
}

void write_progress(std::uint64_t round_trips) {
  write_event({{"event", "progress"}, {"round_trips", round_trips}});
}

void write_failed(const std::string& message, bool is_peer_gone) {
  write_event({{"event", "failed"}, {"message", message}, {"peer_gone", is_peer_gone}});
}

void write_report(const OutcomeTally& round_trips, const DealerReport& report) {
  write_event({{"event", "report"},
               {"tally", round_trips.to_json()},
               {"bytes_sent", report.bytes_sent},
               {"bytes_received", report.bytes_received},
               {"registrations", report.registrations}});
}

}  // namespace ccbus::load
