#include "service/operations/endpoint.h"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "service/operations/http_status.h"
#include "service/operations/json_answers.h"
#include "service/operations/listening_socket.h"

namespace ccbus::operations {
namespace {

using nlohmann::json;

constexpr char kHealthPath[] = "/healthz";

std::string rfc3339_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string listening_host(const std::string& address) {
  auto parts = split_address(address);
  if (!parts) throw std::runtime_error(parts.error().message);
  return parts->host;
}

}  // namespace

Endpoint::Endpoint(Options options, Watched& watched, Logger& logger, std::vector<Route> further)
    : options_(std::move(options)),
      watched_(watched),
      logger_(logger),
      same_site_(listening_host(options_.address), options_.hosts),
      access_(options_.access),
      routes_(make_routes(std::move(further))) {
  HttpServer::Options server{
      options_.address, kHealthPath, options_.connections_max, options_.body_bytes_max, {}};
  if (options_.tls) {
    auto tls = read_tls(*options_.tls);
    if (!tls) throw std::runtime_error("operations.tls: " + tls.error().message);
    server.tls = std::move(*tls);
  }
  try {
    server_ = std::make_unique<HttpServer>(
        std::move(server), [this](const HttpRequest& request) { return respond(request); });
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("cannot listen on " + options_.address +
                             " (operations.listenAddress): " + error.what() +
                             "; is it this machine's, and free?");
  }
  url_ = (options_.tls ? "https://" : "http://") +
         options_.address.substr(0, options_.address.rfind(':')) + ":" +
         std::to_string(server_->port());
}

std::map<std::string, Endpoint::Methods> Endpoint::make_routes(std::vector<Route> further) {
  const auto get = [](Need need, Serve serve) {
    return Methods{{"GET", Method{need, std::move(serve)}}};
  };
  Methods logspec = get(Need::kRead, [this](const auto&) {
    return answer(kOk, {{"spec", watched_.log_level()}});
  });
  logspec["PUT"] = {Need::kWrite, [this](const auto& request) { return set_logspec(request); }};
  std::map<std::string, Methods> routes{
      {kHealthPath, get(Need::kNothing, [this](const auto&) { return healthz(); })},
      {"/version",
       get(Need::kNothing,
           [this](const auto&) {
             return answer(kOk, {{"CommitSHA", options_.commit}, {"Version", options_.version}});
           })},
      {"/logspec", std::move(logspec)},
      {"/metrics", get(Need::kRead, [this](const auto&) { return metrics(); })},
      {"/configz", get(Need::kRead, [this](const auto&) { return configz(); })},
  };
  for (Route& route : further) {
    routes[route.path][route.method] = {route.need, std::move(route.serve)};
  }
  return routes;
}

HttpResponse Endpoint::respond(const HttpRequest& request) const {
  const auto route = routes_.find(request.path);
  if (route == routes_.end()) return refuse(kNotFound, "nothing is served on this path");
  const Methods& methods = route->second;
  const auto method = methods.find(request.method);
  if (method == methods.end()) {
    std::string allowed;
    for (const auto& [name, unused] : methods) {
      allowed += (allowed.empty() ? "" : ", ") + (name == "GET" ? "GET, HEAD" : name);
    }
    HttpResponse refused = refuse(kMethodNotAllowed, "this path answers " + allowed);
    refused.allow = allowed;
    return refused;
  }
  if (const auto refusal = access_.why_refused(request, method->second.need)) {
    logger_.warn("operations.refused path={} status={} reason={:?}", request.path, refusal->status,
                 refusal->why);
    HttpResponse refused = refuse(refusal->status, refusal->why);
    if (refusal->status == kUnauthorized) refused.authenticate = "Bearer";
    return refused;
  }
  if (request.method != "GET") {
    if (const auto why = same_site_.why_foreign(request)) {
      logger_.warn("operations.refused path={} reason={:?}", request.path, *why);
      return refuse(kForbidden, *why);
    }
  }
  return method->second.serve(request);
}

HttpResponse Endpoint::healthz() const {
  const std::vector<FailedCheck> failed = watched_.failed_checks();
  json body = {{"status", failed.empty() ? "OK" : "Service Unavailable"}, {"time", rfc3339_now()}};
  for (const FailedCheck& check : failed) {
    body["failed_checks"].push_back({{"component", check.component}, {"reason", check.reason}});
  }
  return answer(failed.empty() ? kOk : kUnavailable, body);
}

HttpResponse Endpoint::metrics() const {
  Exposition exposition;
  watched_.collect(exposition);
  return {kOk, "text/plain; version=0.0.4; charset=utf-8", exposition.text(), ""};
}

HttpResponse Endpoint::set_logspec(const HttpRequest& request) const {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("spec") || !body["spec"].is_string()) {
    return refuse(kBadRequest, R"(the body is not {"spec":"<level>"})");
  }
  const auto spec = body["spec"].get<std::string>();
  if (auto set = watched_.set_log_level(spec); !set)
    return refuse(kBadRequest, set.error().message);
  logger_.info("log.level spec={}", spec);
  HttpResponse done;
  done.status = kNoContent;
  return done;
}

// Shows the configuration as it was loaded, except for the log level, which may have changed since.
HttpResponse Endpoint::configz() const {
  std::vector<ConfigEntry> entries = options_.configuration;
  const std::string level = watched_.log_level();
  for (ConfigEntry& entry : entries) {
    if (entry.key != kLogLevelKey || entry.value == level) continue;
    entry.value = level;
    entry.origin = "set while it runs: SIGHUP or /logspec";
  }
  HttpResponse response;
  response.body = entries_json(entries) + "\n";
  return response;
}

}  // namespace ccbus::operations
