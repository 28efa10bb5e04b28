#include "service/load/run/sdk_dealers.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "service/load/run/run_failed.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kReportInterval = 200ms;
constexpr auto kReadyInterval = 20ms;  // How often a stream that registers is looked at.

}  // namespace

SdkDealers::SdkDealers(const DealerOptions& options) : commands_(STDIN_FILENO) {
  const auto on_line = [this](std::string_view line) {
    if (line.find("refused") == std::string_view::npos) return;
    const MutexLock lock(mutex_);
    refusal_ = line;
  };
  const curve::Keys keys = curve::read_keys(options.key, options.server_key);
  for (std::uint32_t i = 0; i < options.dealers; ++i) {
    shim::Options of_one;
    of_one.peer_address = options.endpoint;
    of_one.chaincode_id = options.name;
    of_one.keys = keys;
    of_one.log = on_line;
    shims_.push_back(std::make_unique<shim::Shim>(std::move(of_one), chaincode_));
    shims_.back()->start();
  }
}

void SdkDealers::run() {
  wait_until_ready();
  write_ready();
  while (!commands_.is_at_end()) hear_commands();
}

void SdkDealers::wait_until_ready() {
  std::uint64_t ready = 0;
  for (const auto& shim : shims_) {
    while (!shim->wait_ready(kReadyInterval)) check_not_refused();
    write_registered(++ready);
  }
}

void SdkDealers::check_not_refused() {
  const MutexLock lock(mutex_);
  if (!refusal_.empty()) throw RunFailed({ErrorCode::kPrecondition, refusal_});
}

void SdkDealers::hear_commands() {
  pollfd input{commands_.descriptor(), POLLIN, 0};
  poll(&input, 1, next_progress_ ? static_cast<int>(kReportInterval / 1ms) : -1);
  while (const auto line = commands_.next()) {
    std::visit([this](const auto& command) { obey(command); }, parse_command(*line));
  }
  if (next_progress_ && *next_progress_ <= Clock::now()) {
    next_progress_ = Clock::now() + kReportInterval;
    write_progress(chaincode_.measured());
  }
}

void SdkDealers::obey(const MeasureCommand& command) {
  chaincode_.measure(command.window);
  next_progress_ = Clock::now() + kReportInterval;
}

void SdkDealers::obey(const EndCommand& command) {
  chaincode_.shorten(command.until);
}

void SdkDealers::obey(const ReportCommand&) {
  next_progress_.reset();
  write_report(chaincode_.tally(), {});
}

}  // namespace ccbus::load
