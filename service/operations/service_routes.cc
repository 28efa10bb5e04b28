#include "service/operations/service_routes.h"

#include <charconv>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "service/base/printable.h"
#include "service/operations/http_status.h"
#include "service/operations/json_answers.h"
#include "service/operations/status_json.h"

namespace ccbus::operations {
namespace {

constexpr std::size_t kPageMax = 10'000;
constexpr std::size_t kQuotedBytesMax = 100;  // Of what a client sent, in an error text.

// Returns the parameter as a number from `min` to `max`, or `default_value` if it is absent.
Result<std::size_t> number_parameter(const HttpRequest& request, const char* name, std::size_t min,
                                     std::size_t max, std::size_t default_value) {
  for (const auto& [key, text] : request.parameters) {
    if (key != name) continue;
    std::size_t count = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc{} && stop == text.data() + text.size() && count >= min && count <= max) {
      return count;
    }
    return fail(ErrorCode::kInvalid,
                std::string(name) + " is '" + printable(text, kQuotedBytesMax) +
                    "', not a number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return default_value;
}

HttpResponse varz(WatchedConnections& service) {
  const auto status = service.status();
  if (!status) return refuse(kUnavailable, status.error().message);
  return answer(kOk, varz_json(*status));
}

HttpResponse connz(WatchedConnections& service, const HttpRequest& request) {
  Page page;
  const auto offset = number_parameter(request, "offset", 0, 1'000'000'000, page.offset);
  const auto limit = number_parameter(request, "limit", 1, kPageMax, page.limit);
  if (!offset) return refuse(kBadRequest, offset.error().message);
  if (!limit) return refuse(kBadRequest, limit.error().message);
  page = {*offset, *limit};
  const auto connections = service.connections(page);
  if (!connections) return refuse(kUnavailable, connections.error().message);
  return answer(kOk, connections_json(*connections, page));
}

}  // namespace

std::vector<Endpoint::Route> service_routes(WatchedConnections& service) {
  return {{"/varz", "GET", Need::kRead, [&service](const auto&) { return varz(service); }},
          {"/connz", "GET", Need::kRead,
           [&service](const auto& request) { return connz(service, request); }}};
}

}  // namespace ccbus::operations
