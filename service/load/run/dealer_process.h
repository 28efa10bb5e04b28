#pragma once

#include <cstdint>
#include <string>

namespace ccbus::load {

struct DealerOptions {
  std::string endpoint;  // The service's endpoint for chaincode.
  std::string name;      // The name under which all dealers register.
  std::uint32_t dealers = 1;
  std::string key;  // Files of certificates; empty: without keys.
  std::string server_key;
  bool on_sdk = false;  // Each a chaincode on the C++ SDK (sdk_dealers.h).
};

// The main function of a process of the built-in chaincode, with all its dealers on one thread. It
// reads commands as lines of JSON from standard input, and ends when that ends:
//
//   {"command":"measure","from_ns":…,"until_ns":…,"churn":…}  count round trips from now on
//   {"command":"end","until_ns":…}                            end the measured time early
//   {"command":"report"}
//
// and writes events to standard output:
//
//   {"event":"registered","dealers":…}   from time to time, until all are registered
//   {"event":"ready"}
//   {"event":"progress","round_trips":…} several times a second while measuring
//   {"event":"report","tally":…,"bytes_sent":…,"bytes_received":…,"registrations":…}
//   {"event":"failed","message":…,"peer_gone":…}   the last event, if there is one
//
// Times are those of the steady clock, which all processes of a machine share.
//
// Blocks: until standard input ends. Returns the exit code: 0, or 1 after "failed".
[[nodiscard]] int run_dealers(const DealerOptions& options);

}  // namespace ccbus::load
