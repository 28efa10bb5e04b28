#include "service/load/run/dealer_pool.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "service/load/run/run_failed.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kEndPatience = 10s;  // How long a process may take to end.

std::int64_t nanoseconds(SteadyTime time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

}  // namespace

DealerPool::DealerPool(const std::vector<std::string>& program, const Options& options) {
  for (std::uint32_t i = 0; i < options.processes; ++i) {
    // Spread evenly; the first processes get the remainder.
    const std::uint32_t dealers =
        options.dealers / options.processes + (i < options.dealers % options.processes ? 1 : 0);
    std::vector<std::string> command = program;
    command.insert(command.end(), {"--endpoint", options.endpoint, "--name", options.name,
                                   "--dealers", std::to_string(dealers)});
    if (options.on_sdk) command.emplace_back("--on-sdk");
    if (!options.key.empty()) {
      command.insert(command.end(), {"--key", options.key, "--server-key", options.server_key});
    }
    Member& member = members_.emplace_back();
    member.dealers = dealers;
    member.process = std::make_unique<ChildProcess>(command);
  }
}

void DealerPool::add_descriptors(std::vector<pollfd>& descriptors) const {
  for (const Member& member : members_) {
    descriptors.push_back({member.process->descriptor(), POLLIN, 0});
  }
}

void DealerPool::on_readable() {
  for (Member& member : members_) {
    while (const auto line = member.process->read_line()) on_event(member, *line);
    if (member.process->has_ended_its_output()) {
      throw RunFailed({ErrorCode::kIo, "a chaincode process has ended"});
    }
  }
}

void DealerPool::on_event(Member& member, const std::string& line) {
  const json event = json::parse(line);
  const std::string& name = event.at("event").get_ref<const std::string&>();
  if (name == "failed") {
    const bool is_peer_gone = event.at("peer_gone").get<bool>();
    throw RunFailed({is_peer_gone ? ErrorCode::kPeerGone : ErrorCode::kIo,
                     event.at("message").get<std::string>()});
  }
  if (name == "registered") member.registered = event.at("dealers");
  if (name == "progress") member.round_trips = event.at("round_trips");
  if (name == "ready") {
    member.is_ready = true;
    member.registered = member.dealers;
  }
  if (name == "report") {
    auto tally = OutcomeTally::from_json(event.at("tally"));
    if (!tally) {
      throw RunFailed(
          {ErrorCode::kCorrupt, "a chaincode process reports: " + tally.error().message});
    }
    member.report = Report{std::move(*tally), event.at("bytes_sent"), event.at("bytes_received"),
                           event.at("registrations")};
  }
}

bool DealerPool::is_ready() const {
  return std::ranges::all_of(members_, &Member::is_ready);
}

std::uint64_t DealerPool::registered() const {
  return std::accumulate(members_.begin(), members_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Member& m) { return sum + m.registered; });
}

std::uint64_t DealerPool::round_trips() const {
  return std::accumulate(members_.begin(), members_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Member& m) { return sum + m.round_trips; });
}

void DealerPool::measure(const Window& window, double churn) {
  send_to_all(json{{"command", "measure"},
                   {"from_ns", nanoseconds(window.from)},
                   {"until_ns", nanoseconds(window.until)},
                   {"churn", churn / static_cast<double>(members_.size())}}
                  .dump());
}

void DealerPool::end(SteadyTime until) {
  send_to_all(json{{"command", "end"}, {"until_ns", nanoseconds(until)}}.dump());
}

void DealerPool::ask_for_report() {
  send_to_all(json{{"command", "report"}}.dump());
}

std::optional<DealerPool::Report> DealerPool::report() const {
  std::optional<Report> all;
  for (const Member& member : members_) {
    if (!member.report) return std::nullopt;
    if (!all) {
      all = member.report;
      continue;
    }
    all->round_trips.add(member.report->round_trips);
    all->bytes_sent += member.report->bytes_sent;
    all->bytes_received += member.report->bytes_received;
    all->registrations += member.report->registrations;
  }
  return all;
}

std::vector<pid_t> DealerPool::pids() const {
  std::vector<pid_t> pids;
  for (const Member& member : members_) pids.push_back(member.process->pid());
  return pids;
}

void DealerPool::send_to_all(const std::string& command) {
  for (Member& member : members_) {
    if (!member.process->write_line(command))
      throw RunFailed({ErrorCode::kIo, "a chaincode process has ended"});
  }
}

bool DealerPool::stop() {
  bool all_well = true;
  for (Member& member : members_) all_well &= member.process->finish(kEndPatience) == 0;
  members_.clear();
  return all_well;
}

}  // namespace ccbus::load
