#include "tests/bench/sdk_driver.h"

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "tests/bench/processor_time.h"
#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";
constexpr std::size_t kKeysPerStore = 1'000;

client::Invocation invocation(std::vector<std::string> args) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = std::move(args)};
}

std::string organization(const std::filesystem::path& directory) {
  return directory / "organizations/peerOrganizations/org1.example.com";
}

std::vector<std::string> settings_of(Sdk sdk, const std::filesystem::path& directory) {
  std::vector<std::string> settings = {"ledger.directory=" + (directory / "ledger").string(),
                                       "chaincode.keepalive=0"};
  if (sdk == Sdk::kGo) {
    if (test::run_program({test::built_program("ccbus"), "dev", "crypto", "--out",
                           directory.string(), "--orgs", "Org1"})
            .status != 0) {
      throw std::runtime_error("ccbus dev crypto failed");
    }
    settings.insert(settings.end(), {"peer.localMspId=Org1MSP",
                                     "peer.identities=Org1MSP:" + organization(directory) +
                                         "/peers/peer0.org1.example.com/msp"});
  }
  return settings;
}

std::unique_ptr<test::BridgeProcess> bridge_of(Sdk sdk, const test::ServiceProcess& service) {
  return sdk == Sdk::kGo ? std::make_unique<test::BridgeProcess>(service) : nullptr;
}

std::vector<std::string> command_of(Sdk sdk, const std::string& endpoint) {
  if (sdk == Sdk::kNode) return {NODE_BINARY, BENCH_SDK_CHAINCODE_JS, endpoint, kName};
  if (sdk == Sdk::kGo) {
    return {"/usr/bin/env",
            "CORE_PEER_TLS_ENABLED=false",
            std::string("CORE_CHAINCODE_ID_NAME=") + kName,
            SdkDriver::go_program("bench-chaincode"),
            "-peer.address",
            endpoint};
  }
  const char* const older = std::getenv("BENCH_SDK_CHAINCODE");
  return {older != nullptr ? older : BENCH_SDK_CHAINCODE_BINARY, "--peer.address", endpoint,
          "--chaincode-id-name", kName};
}

double in_us(std::chrono::nanoseconds time, std::size_t units) {
  return static_cast<double>(time.count()) / 1'000 / static_cast<double>(units);
}

}  // namespace

bool SdkDriver::has_node() {
  return !std::string_view(NODE_BINARY).empty() && std::filesystem::exists(BENCH_NODE_SHIM);
}

bool SdkDriver::has_go() {
  return std::filesystem::exists(test::BridgeProcess::binary()) &&
         std::filesystem::exists(go_program("bench-chaincode"));
}

std::string SdkDriver::go_program(const std::string& name) {
  return std::string(BENCH_GO_PROGRAMS) + "/" + name;
}

class SdkDriver::ProcessorTimes {
 public:
  explicit ProcessorTimes(const SdkDriver& driver) : driver_(driver) {}

  // Sets the times for one of `units`.
  void measure(std::size_t units, Costs& costs) const {
    costs.service_us = in_us(processor_time_of(driver_.service()) - service_, units);
    costs.bridge_us = in_us(of_bridge(driver_) - bridge_, units);
    costs.chaincode_us = in_us(processor_time_of(driver_.chaincode()) - chaincode_, units);
    costs.client_us = in_us(own_processor_time() - client_, units);
  }

 private:
  static std::chrono::nanoseconds of_bridge(const SdkDriver& driver) {
    return driver.bridge_ ? processor_time_of(driver.bridge_->pid()) : std::chrono::nanoseconds(0);
  }

  const SdkDriver& driver_;
  const std::chrono::nanoseconds service_ = processor_time_of(driver_.service());
  const std::chrono::nanoseconds bridge_ = of_bridge(driver_);
  const std::chrono::nanoseconds chaincode_ = processor_time_of(driver_.chaincode());
  const std::chrono::nanoseconds client_ = own_processor_time();
};

SdkDriver::SdkDriver(Sdk sdk, const std::vector<std::string>& launcher)
    : service_(settings_of(sdk, directory_.path()), launcher),
      bridge_(bridge_of(sdk, service_)),
      chaincode_(
          command_of(sdk, bridge_ ? bridge_->chaincode_address() : service_.chaincode_endpoint())),
      client_({.endpoint = service_.client_endpoint()}) {
  wait_for_chaincode();
  const Workload store = {
      .name = "store",
      .kind = Workload::Kind::kSubmit,
      .args =
          [](std::size_t number) {
            return std::vector<std::string>{"store", std::to_string(number * kKeysPerStore),
                                            std::to_string(kKeysPerStore)};
          },
  };
  static_cast<void>(run(store, 1, kKeys / kKeysPerStore));
}

void SdkDriver::configure_channel() {
  const std::string org = "Org1MSP:" + organization(directory_.path()) + "/msp";
  const auto done = test::run_ccbus(service_.client_endpoint(),
                                    {"channel", "config", "init", "-C", "mychannel", "--org", org});
  if (done.status != 0) throw std::runtime_error("ccbus channel config init failed: " + done.text);
  ++committed_;
}

void SdkDriver::wait_for_chaincode() {
  const auto last = Clock::now() + 30s;
  while (true) {
    const client::Reply reply = client_.evaluate(invocation({"nothing"}), 10s);
    if (reply.error.ok()) return;
    // FAILED_PRECONDITION is today's, UNAVAILABLE that of versions up to 6c2d166.
    const bool is_early =
        reply.error.code == ccbus::FAILED_PRECONDITION || reply.error.code == ccbus::UNAVAILABLE;
    if (!is_early || Clock::now() > last) check(reply);
    client_.idle(20ms);
  }
}

void SdkDriver::check(const client::Reply& reply) const {
  if (!reply.error.ok()) throw std::runtime_error("the service said: " + reply.error.message);
}

std::uint64_t SdkDriver::send(const Workload& workload, std::size_t number) {
  const bool submits = workload.kind == Workload::Kind::kSubmit;
  client::Invocation call = invocation(workload.args(number));
  const client::Sent sent = submits ? client_.send_submit(call) : client_.send_evaluate(call);
  if (!sent.ok()) throw std::runtime_error("cannot send: " + sent.error.message);
  return sent.correlation_id;
}

Costs SdkDriver::run(const Workload& workload, std::size_t in_flight, std::size_t count) {
  struct Open {
    std::size_t number;
    Clock::time_point sent;
  };
  std::unordered_map<std::uint64_t, Open> open;  // By correlation id.
  open.reserve(in_flight);
  const auto send_next = [&](std::size_t number) {
    const auto now = Clock::now();
    open.emplace(send(workload, number), Open{number, now});
  };
  const bool submits = workload.kind == Workload::Kind::kSubmit;
  const std::size_t first = submits ? invocations_ : 0;
  Measurement measured;
  const ProcessorTimes times(*this);
  const auto start = Clock::now();
  std::size_t sent = 0;
  for (; sent < in_flight && sent < count; ++sent) send_next(first + sent);
  while (measured.count() < count) {
    const auto reply = client_.receive(30s);
    if (!reply) throw std::runtime_error("no answer came in time");
    check(*reply);
    const auto at = open.find(reply->correlation_id);
    if (at == open.end()) throw std::runtime_error("an answer to nothing that was asked");
    const auto& response = reply->response;
    const auto& result = submits ? response.submit().result() : response.evaluate().result();
    if (workload.answer && result.payload() != workload.answer(at->second.number)) {
      throw std::runtime_error(workload.name + " answered " + result.payload());
    }
    measured.add(Clock::now() - at->second.sent);
    open.erase(at);
    if (sent < count) send_next(first + sent++);
  }
  measured.add_elapsed(Clock::now() - start);
  const std::size_t units = count * workload.units;
  invocations_ += count;
  if (submits) committed_ += count;
  const Figures figures = measured.figures();
  Costs costs = {.per_second = figures.per_second * static_cast<double>(workload.units),
                 .p50_us = figures.p50_us,
                 .p99_us = figures.p99_us};
  times.measure(units, costs);
  return costs;
}

Costs SdkDriver::run_gateway(Workload::Kind kind, std::size_t in_flight, std::size_t count) {
  const bool submits = kind == Workload::Kind::kSubmit;
  const ProcessorTimes times(*this);
  test::Process client(
      {go_program("bench-gateway"), "-endpoint", bridge_->gateway_address(), "-msp",
       organization(directory_.path()) + "/users/User1@org1.example.com/msp", "-kind",
       submits ? "submit" : "evaluate", "-open", std::to_string(in_flight), "-count",
       std::to_string(count), "-first", std::to_string(invocations_)});
  const auto answer = nlohmann::json::parse(client.read_line(120s));
  Measurement measured;
  for (const double took : answer.at("microseconds")) {
    measured.add(std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double, std::micro>(took)));
  }
  measured.add_elapsed(std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(answer.at("seconds").get<double>())));
  const Figures figures = measured.figures();
  Costs costs = {
      .per_second = figures.per_second, .p50_us = figures.p50_us, .p99_us = figures.p99_us};
  times.measure(count, costs);
  costs.client_us = answer.at("processor_seconds").get<double>() * 1e6 / static_cast<double>(count);
  if (client.wait(10s) != 0) throw std::runtime_error("bench-gateway failed");
  invocations_ += count;
  if (submits) committed_ += count;
  return costs;
}

void SdkDriver::finish() {
  const client::Reply status = client_.status(10s);
  check(status);
  const auto& counters = status.response.service_status().counters();
  if (counters.at("ledger_transactions_valid") != committed_ ||
      counters.at("ledger_transactions_invalid") != 0) {
    throw std::runtime_error("the ledger does not hold what was answered");
  }
  if (bridge_ && bridge_->stop() != 0) throw std::runtime_error("ccbus-bridge failed");
  if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
}

}  // namespace ccbus::bench
