#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace ccbus::bridge {

// What TLS needs, each in PEM.
struct RpcTls {
  std::string certificate;  // Our own; empty for a client that shows none.
  std::string key;
  std::string roots;  // CAs of the other side; a server without them asks for no certificate.
  bool is_client_certificate_required = false;

  bool operator==(const RpcTls&) const = default;
};

// A gRPC server that the bridge calls.
struct RpcTarget {
  std::string address;          // host:port.
  std::optional<RpcTls> tls{};  // nullopt: in the clear.
  std::string server_name{};    // That its certificate has to have, if not the host's; or empty.
  std::chrono::milliseconds connect_timeout{3'000};

  bool operator==(const RpcTarget&) const = default;
};

}  // namespace ccbus::bridge
