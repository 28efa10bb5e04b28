#include "service/operations/same_site.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

#include "service/base/printable.h"

namespace ccbus::operations {
namespace {

constexpr std::size_t kShownBytesMax = 100;

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Takes the port and the brackets of an IPv6 address away.
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    const std::string_view port = end == std::string_view::npos ? "" : authority.substr(end + 1);
    if (end == std::string_view::npos || !(port.empty() || port.starts_with(':'))) return "";
    return in_lower_case(authority.substr(1, end - 1));
  }
  return in_lower_case(authority.substr(0, authority.find(':')));
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

std::string foreign(const char* header, std::string_view value, const char* what_to_do) {
  return std::string("the header ") + header + " is '" + printable(value, kShownBytesMax) +
         "', which is not this service" + what_to_do;
}

}  // namespace

SameSite::SameSite(const std::string& listening, const std::vector<std::string>& names) {
  names_.push_back(in_lower_case(listening));
  for (const std::string& name : names) names_.push_back(in_lower_case(name));
}

bool SameSite::is_ours(const std::string& host, const std::string& local_address) const {
  if (host.empty()) return false;
  return host == "localhost" || is_loopback(host) || host == local_address ||
         std::ranges::find(names_, host) != names_.end();
}

std::optional<std::string> SameSite::why_foreign(const HttpRequest& request) const {
  for (const std::string& host : request.hosts) {
    if (!is_ours(host_of(host), request.local_address)) {
      return foreign("Host", host, ": operations.hosts lists the names under which it is reached");
    }
  }
  for (const std::string& origin : request.origins) {
    const std::string lower = in_lower_case(origin);
    const bool same =
        !request.hosts.empty() && (lower == "http://" + in_lower_case(request.hosts.front()) ||
                                   lower == "https://" + in_lower_case(request.hosts.front()));
    if (!same) return foreign("Origin", origin, "");
  }
  return std::nullopt;
}

}  // namespace ccbus::operations
