#include "service/base/endpoint_address.h"

namespace ccbus {

Result<std::string> parse_endpoint(std::string_view text) {
  constexpr std::string_view kTcp = "tcp://";
  constexpr std::string_view kIpc = "ipc://";
  std::string address(text);
  if (address.find("://") == std::string::npos) address.insert(0, kTcp);
  const auto colon = address.rfind(':');
  const bool has_host_and_port =
      address.starts_with(kTcp) && colon > kTcp.size() && colon + 1 < address.size();
  const bool has_path = address.starts_with(kIpc) && address.size() > kIpc.size();
  if (!has_host_and_port && !has_path) {
    return fail(ErrorCode::kInvalid, "'" + std::string(text) + "' is not " + kEndpointForms);
  }
  // libzmq listens on numbers and names of interfaces only.
  constexpr std::string_view kLocalhost = "tcp://localhost:";
  if (address.starts_with(kLocalhost)) address.replace(0, kLocalhost.size(), "tcp://127.0.0.1:");
  return address;
}

bool is_local_endpoint(std::string_view address) {
  for (const std::string_view prefix :
       {"tcp://127.", "tcp://localhost:", "tcp://[::1]:", "tcp://lo:", "ipc://", "inproc://"}) {
    if (address.starts_with(prefix)) return true;
  }
  return false;
}

std::string host_and_port(std::string_view address) {
  constexpr std::string_view kTcp = "tcp://";
  return std::string(address.starts_with(kTcp) ? address.substr(kTcp.size()) : address);
}

}  // namespace ccbus
