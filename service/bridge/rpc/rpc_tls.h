#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "service/base/result.h"
#include "service/bridge/calls/rpc_target.h"

namespace grpc {
class ServerCredentials;
class ChannelCredentials;
}  // namespace grpc

namespace ccbus::bridge {

struct RpcTlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::vector<std::filesystem::path> client_roots;
  bool is_client_certificate_required = false;
};

// Blocks: on the disk. Errors: kIo, naming the file.
[[nodiscard]] Result<RpcTls> read_rpc_tls(const RpcTlsFiles& files);

// nullopt: in the clear.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> server_credentials(
    const std::optional<RpcTls>& tls);
[[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> channel_credentials(
    const std::optional<RpcTls>& tls);

}  // namespace ccbus::bridge
