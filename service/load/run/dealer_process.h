#pragma once

#include <cstdint>
#include <string>

namespace ccbus::load {

struct DealerOptions {
  std::string endpoint;  // The service's, for chaincode.
  std::string name;      // Under which all of them register.
  std::uint32_t dealers = 1;
};

// The process of the built-in chaincode: so many dealers on one thread. It is told what to do by
// lines of JSON on standard input, and ends with it:
//
//   {"command":"measure","from_ns":…,"until_ns":…,"churn":…}  count round trips from now on
//   {"command":"end","until_ns":…}                            the measured time ends early
//   {"command":"report"}
//
// and says on standard output what has happened:
//
//   {"event":"registered","dealers":…}   now and then, until all are
//   {"event":"ready"}
//   {"event":"progress","round_trips":…} several times a second while measuring
//   {"event":"report","tally":…,"bytes_sent":…,"bytes_received":…,"registrations":…}
//   {"event":"failed","message":…,"peer_gone":…}   and then nothing more
//
// Times are of the steady clock, which all processes of a machine share.
//
// Blocks: until its input ends. Returns the exit code: 0, or 1 after "failed".
[[nodiscard]] int run_dealers(const DealerOptions& options);

}  // namespace ccbus::load
