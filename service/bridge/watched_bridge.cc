#include "service/bridge/watched_bridge.h"

#include <chrono>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "service/operations/http_status.h"
#include "service/operations/json_answers.h"

namespace ccbus::bridge {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using operations::HttpRequest;
using operations::HttpResponse;
using operations::Need;

constexpr auto kPatience = 1s;

// Asks a question on the bridge's thread. Errors: kDeadline.
template <class Answer, class Question>
Result<Answer> ask(Bridge& bridge, Question question) {
  const auto promise = std::make_shared<std::promise<Answer>>();  // May be answered too late.
  auto answer = promise->get_future();
  bridge.post([promise, question = std::move(question)](Now now) { question(now, promise); });
  if (answer.wait_for(kPatience) == std::future_status::ready) return answer.get();
  return fail(ErrorCode::kDeadline, "no answer within a second");
}

Result<Bridge::Report> report_of(Bridge& bridge) {
  return ask<Bridge::Report>(bridge,
                             [&bridge](Now, const auto& to) { to->set_value(bridge.report()); });
}

json process_json(const DialledChaincodes::Process& process) {
  json shown{{"address", process.address}, {"called", process.is_called}};
  if (process.attempts > 0) shown["failed_attempts"] = process.attempts;
  if (!process.last_end.empty()) shown["last_end"] = process.last_end;
  return shown;
}

json chaincodes_json(const Bridge::Report& report) {
  json services = json::array();
  for (const auto& service : report.chaincodes) {
    json shown{{"name", service.name}, {"processes", json::array()}};
    if (!service.package_id.empty()) shown["package_id"] = service.package_id;
    for (const auto& process : service.processes) {
      shown["processes"].push_back(process_json(process));
    }
    services.push_back(std::move(shown));
  }
  json calls = json::array();
  for (const auto& call : report.calls) {
    calls.push_back({{"from", call.from}, {"what", call.what}});
  }
  json applications = json::array();
  for (const auto& [from, requests, open] : report.applications) {
    applications.push_back({{"from", from}, {"requests", requests}, {"open", open}});
  }
  return {{"services", std::move(services)},
          {"calls", std::move(calls)},
          {"applications", std::move(applications)}};
}

HttpResponse refused(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalid: return operations::refuse(operations::kBadRequest, error.message);
    case ErrorCode::kNotFound: return operations::refuse(operations::kNotFound, error.message);
    default: return operations::refuse(operations::kUnavailable, error.message);
  }
}

HttpResponse done(const Result<Result<void>>& result) {
  if (!result) return refused(result.error());
  if (!*result) return refused(result->error());
  HttpResponse response;
  response.status = operations::kNoContent;
  return response;
}

}  // namespace

std::vector<operations::FailedCheck> WatchedBridge::failed_checks() {
  const auto answer = ask<ccbus::Status>(bridge_, [this](Now now, const auto& to) {
    bridge_.ask_status(
        now, [to](Now, ccbus::ClientResponse response) { to->set_value(response.status()); });
  });
  if (!answer) return {{"service", "ccbusd has given " + answer.error().message}};
  if (answer->code() != ccbus::OK) return {{"service", answer->message()}};
  return {};
}

void WatchedBridge::collect(operations::Exposition& metrics) {
  const auto report = report_of(bridge_);
  if (!report) return;
  metrics.gauge("bridge_calls_open", "gRPC calls that are open.", {},
                static_cast<double>(report->calls.size()));
  metrics.gauge("bridge_service_connections", "Connections to ccbusd.", {},
                static_cast<double>(report->dealers));
  metrics.gauge("bridge_message_bytes", "Bytes of messages that are held for all calls.", {},
                static_cast<double>(report->bytes_held));
  metrics.gauge("bridge_applications",
                "gRPC connections of applications that have asked the service.", {},
                static_cast<double>(report->applications.size()));
  metrics.gauge("bridge_connections", "gRPC connections that were made to the bridge.", {},
                static_cast<double>(report->connections));
  metrics.counter("bridge_connections_refused_total",
                  "gRPC connections that were refused, or gave way to others.", {},
                  static_cast<double>(report->connections_refused));
  const CallCounters& counters = report->counters;
  metrics.counter("bridge_calls_total", "gRPC calls that were begun, in both directions.", {},
                  static_cast<double>(counters.calls));
  metrics.counter("bridge_calls_refused_total", "gRPC calls that were refused at once.", {},
                  static_cast<double>(report->refused));
  for (const auto& [direction, messages, bytes] :
       {std::tuple("received", counters.messages_received, counters.bytes_received),
        std::tuple("sent", counters.messages_sent, counters.bytes_sent)}) {
    metrics.counter("bridge_messages_total", "Messages of gRPC calls.", {{"direction", direction}},
                    static_cast<double>(messages));
    metrics.counter("bridge_bytes_total", "Their bytes.", {{"direction", direction}},
                    static_cast<double>(bytes));
  }
}

std::string WatchedBridge::log_level() const {
  const auto name = spdlog::level::to_string_view(logger_.level());
  return {name.data(), name.size()};
}

Result<void> WatchedBridge::set_log_level(std::string_view level) {
  const auto parsed = parse_log_level(level);
  if (!parsed) return unexpected(parsed.error());
  logger_.set_level(*parsed);
  return {};
}

HttpResponse WatchedBridge::show_chaincodes() {
  const auto report = report_of(bridge_);
  if (!report) return refused(report.error());
  return operations::answer(operations::kOk, chaincodes_json(*report));
}

HttpResponse WatchedBridge::connect(const HttpRequest& request) {
  const auto service = parse_chaincode_service(request.body);
  if (!service) return refused(service.error());
  return done(ask<Result<void>>(bridge_, [this, service = *service](Now now, const auto& to) {
    to->set_value(bridge_.connect(now, service));
  }));
}

HttpResponse WatchedBridge::disconnect(const HttpRequest& request) {
  std::string name;
  for (const auto& [key, value] : request.parameters) {
    if (key == "name") name = value;
  }
  return done(ask<Result<void>>(bridge_, [this, name](Now now, const auto& to) {
    to->set_value(bridge_.disconnect(now, name));
  }));
}

std::vector<operations::Endpoint::Route> WatchedBridge::routes() {
  return {{"/chaincodes", "GET", Need::kRead, [this](const auto&) { return show_chaincodes(); }},
          {"/chaincodes", "PUT", Need::kWrite,
           [this](const auto& request) { return connect(request); }},
          {"/chaincodes", "DELETE", Need::kWrite,
           [this](const auto& request) { return disconnect(request); }}};
}

}  // namespace ccbus::bridge
