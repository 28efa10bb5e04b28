#include "tests/bench/sdk_driver.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";
constexpr std::size_t kKeysPerStore = 1'000;

client::Invocation invocation(std::vector<std::string> args) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = std::move(args)};
}

std::vector<std::string> command_of(Sdk sdk, const std::string& endpoint) {
  if (sdk == Sdk::kNode) return {NODE_BINARY, BENCH_SDK_CHAINCODE_JS, endpoint, kName};
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

SdkDriver::SdkDriver(Sdk sdk, const std::vector<std::string>& launcher)
    : service_(
          {"ledger.directory=" + (directory_.path() / "ledger").string(), "chaincode.keepalive=0"},
          launcher),
      chaincode_(command_of(sdk, service_.chaincode_endpoint())),
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
  const auto service_before = processor_time_of(service());
  const auto chaincode_before = processor_time_of(chaincode());
  const auto own_before = own_processor_time();
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
  return {.per_second = figures.per_second * static_cast<double>(workload.units),
          .p50_us = figures.p50_us,
          .p99_us = figures.p99_us,
          .service_us = in_us(processor_time_of(service()) - service_before, units),
          .chaincode_us = in_us(processor_time_of(chaincode()) - chaincode_before, units),
          .client_us = in_us(own_processor_time() - own_before, units)};
}

void SdkDriver::finish() {
  const client::Reply status = client_.status(10s);
  check(status);
  const auto& counters = status.response.service_status().counters();
  if (counters.at("ledger_transactions_valid") != committed_ ||
      counters.at("ledger_transactions_invalid") != 0) {
    throw std::runtime_error("the ledger does not hold what was answered");
  }
  if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
}

}  // namespace ccbus::bench
