#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/bench/statistics.h"
#include "tests/support/bridge_process.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// What the chaincode is written with.
enum class Sdk {
  kCpp,
  kNode,
  kGo,  // The stock shim for Go, through ccbus-bridge.
};

// What the clients of one row of the table ask for.
struct Workload {
  std::string name;
  enum class Kind { kEvaluate, kSubmit } kind = Kind::kEvaluate;
  // The arguments of the invocation with this number; no two submits may conflict.
  std::function<std::vector<std::string>(std::size_t number)> args;
  std::size_t units = 1;  // What one invocation counts for in the figures: the keys of a range.
  // What it answers; empty: not looked at.
  std::function<std::string(std::size_t number)> answer = {};
};

// The processor time of each process, of all its threads, for one unit.
struct Costs {
  double per_second = 0;  // Units.
  double p50_us = 0;      // Of an invocation.
  double p99_us = 0;
  double service_us = 0;
  double bridge_us = 0;
  double chaincode_us = 0;
  double client_us = 0;

  [[nodiscard]] double all_us() const { return service_us + bridge_us + chaincode_us + client_us; }
};

// What a user runs: ccbusd with its defaults on a real directory, a chaincode process on an SDK,
// and this process as the client, with the C++ client library on one connection, or, with kGo, a
// process with Fabric's client library for Go. The environment variable BENCH_SDK_CHAINCODE may
// name another bench_sdk_chaincode than that of this build, with an older SDK. A call throws
// std::runtime_error if an answer is wrong or does not arrive within half a minute.
class SdkDriver {
 public:
  static constexpr std::size_t kKeys = 10'000;  // Stored before the first run.

  // `launcher`: words before the service's own command, as for env.
  explicit SdkDriver(Sdk sdk, const std::vector<std::string>& launcher = {});

  // Whether the Node binding is installed (npm ci in bindings/node).
  [[nodiscard]] static bool has_node();
  // Whether ccbus-bridge and the programs in Go have been built.
  [[nodiscard]] static bool has_go();
  // The path of a program of tests/stock/go.
  [[nodiscard]] static std::string go_program(const std::string& name);

  [[nodiscard]] pid_t service() const { return service_.pid(); }
  [[nodiscard]] pid_t chaincode() const { return chaincode_.pid(); }
  // With kGo.
  [[nodiscard]] const test::BridgeProcess& bridge() const { return *bridge_; }
  // On the same disk as the ledger.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

  // Makes `count` invocations, `in_flight` of them open at a time.
  [[nodiscard]] Costs run(const Workload& workload, std::size_t in_flight, std::size_t count);
  // From now on signatures are checked, as they are in Fabric, and run_gateway() alone is of use.
  // With kGo.
  void configure_channel();

  // The same with Fabric's client library: empty evaluates, or submits with a get and a put. With
  // kGo.
  [[nodiscard]] Costs run_gateway(Workload::Kind kind, std::size_t in_flight, std::size_t count);

  // Stops everything. Throws std::runtime_error if the ledger does not have exactly what was
  // acknowledged.
  void finish();

 private:
  // The processor time of the processes since construction, for each unit.
  class ProcessorTimes;

  void wait_for_chaincode();
  [[nodiscard]] std::uint64_t send(const Workload& workload, std::size_t number);
  void check(const client::Reply& reply) const;

  const test::TemporaryDirectory directory_;
  test::ServiceProcess service_;
  const std::unique_ptr<test::BridgeProcess> bridge_;  // Null without kGo.
  test::Process chaincode_;
  client::Client client_;
  std::uint64_t committed_ = 0;
  std::size_t invocations_ = 0;
};

}  // namespace ccbus::bench
