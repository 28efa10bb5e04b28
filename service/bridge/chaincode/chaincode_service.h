#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/bridge/calls/rpc_target.h"

namespace ccbus::bridge {

// A chaincode as a service: the bridge calls it, and it registers on that call.
struct ChaincodeService {
  std::string name;                // Under which the service knows it.
  std::string package_id;          // By which it registers, label:hash; or empty.
  std::vector<RpcTarget> targets;  // Its processes, which form a pool.

  bool operator==(const ChaincodeService&) const = default;
};

inline constexpr std::size_t kChaincodeServiceBytesMax = 64u << 10;  // Of its JSON.
inline constexpr std::size_t kTargetsMax = 100;

// Reads what format() writes, and Fabric's connection.json with a name beside its own fields:
//
//   {"name": "basic", "package_id": "basic_1.0:3f2a...", "addresses": ["host:9999"],
//    "dial_timeout": "3s", "tls_required": true, "root_cert": "<PEM>",
//    "client_auth_required": true, "client_cert": "<PEM>", "client_key": "<PEM>", "domain": "name"}
//
// `address` is taken for one of `addresses`. As in Fabric a number is a dial_timeout in
// nanoseconds, root_cert is needed with tls_required, and domain has an effect only with
// client_auth_required.
//
// Errors: kInvalid, naming the field.
// Source: Fabric's core/container/externalbuilder/instance.go.
[[nodiscard]] Result<ChaincodeService> parse_chaincode_service(std::string_view json);
[[nodiscard]] std::string format(const ChaincodeService& service);

}  // namespace ccbus::bridge
