#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::cli {

inline constexpr const char* kBuilderConfig = "CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG";

struct ConnectionFileOptions {
  std::string builder_config;          // What the variable kBuilderConfig has: a JSON object.
  std::vector<std::string> addresses;  // In place of the file's, if there are any.
};

// Reads connection.json of a chaincode package as Fabric's builder for chaincode as a service does:
// {{.name}} in a text stands for the member `name` of the builder's configuration, and the fields
// for TLS count only with tls_required. Returns what ccbus-bridge takes, without the name.
//
// Errors: kInvalid, naming the field, and what is wrong with it; kExhausted: a field that becomes
//         too long.
// Source: Fabric's ccaas_builder/cmd/build, core/container/externalbuilder/instance.go.
[[nodiscard]] Result<nlohmann::json> read_connection_file(std::string_view text,
                                                          const ConnectionFileOptions& options);

}  // namespace ccbus::cli
