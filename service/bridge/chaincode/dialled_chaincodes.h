#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/bridge/chaincode/chaincode_service.h"

namespace ccbus::bridge {

// Calls every process of the chaincodes as a service, and calls it again for ever when a call has
// ended: after half a second if the call has held for a while, otherwise after a pause that doubles
// with each failure, up to half a minute.
class DialledChaincodes {
 public:
  // Begins a call that lets a chaincode register under this name, and returns its number.
  using Dial = std::function<std::uint64_t(Now now, const ChaincodeService& service,
                                           const RpcTarget& target)>;
  // Ends a call.
  using HangUp = std::function<void(Now now, std::uint64_t call)>;

  DialledChaincodes(Dial dial, HangUp hang_up, Logger& logger)
      : dial_(std::move(dial)), hang_up_(std::move(hang_up)), logger_(logger) {}

  // Adds a chaincode, or replaces the one of this name; calls to processes that it keeps go on.
  void set(Now now, const ChaincodeService& service);
  // Returns whether there was one.
  bool remove(Now now, const std::string& name);

  // A call is over.
  void on_ended(Now now, std::uint64_t call, const std::string& why);
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  struct Process {
    std::string address;
    bool is_called = false;      // Otherwise it waits for the next attempt.
    std::uint64_t attempts = 0;  // That have failed since it was last called for a while.
    std::string last_end;        // Why the last call has ended; empty: none has.
  };
  struct Status {
    std::string name;
    std::string package_id;
    std::vector<Process> processes;
  };
  [[nodiscard]] std::vector<Status> report() const;

  static constexpr std::chrono::milliseconds kPauseMin{500};
  static constexpr std::chrono::milliseconds kPauseMax{30'000};
  static constexpr std::chrono::milliseconds kHeld{10'000};  // From then on an end is no failure.

 private:
  struct Caller {
    RpcTarget target;
    std::uint64_t call = 0;  // 0: none.
    SteadyTime since;        // The call's beginning, or when the next one begins.
    std::uint64_t failures = 0;
    std::string last_end;
  };
  struct Entry {
    ChaincodeService service;
    std::vector<Caller> callers;
  };

  void call(Now now, const Entry& entry, Caller& caller);
  [[nodiscard]] Caller* find(std::uint64_t call);

  const Dial dial_;
  const HangUp hang_up_;
  Logger& logger_;
  std::map<std::string, Entry> entries_;  // By name.
};

}  // namespace ccbus::bridge
