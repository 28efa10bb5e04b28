#include "service/bridge/rpc/rpc_tls.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace ccbus::bridge {
namespace {

Result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || text.str().empty()) {
    return fail(ErrorCode::kIo, "cannot read the file " + file.string());
  }
  return text.str();
}

}  // namespace

Result<RpcTls> read_rpc_tls(const RpcTlsFiles& files) {
  RpcTls tls;
  auto certificate = read_text(files.certificate);
  if (!certificate) return unexpected(certificate.error());
  auto key = read_text(files.key);
  if (!key) return unexpected(key.error());
  tls.certificate = std::move(*certificate);
  tls.key = std::move(*key);
  for (const auto& file : files.client_roots) {
    auto roots = read_text(file);
    if (!roots) return unexpected(roots.error());
    tls.roots += *roots + "\n";
  }
  tls.is_client_certificate_required = files.is_client_certificate_required;
  return tls;
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const std::optional<RpcTls>& tls) {
  if (!tls) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      tls->roots.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
      : tls->is_client_certificate_required
          ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
          : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = tls->roots;
  options.pem_key_cert_pairs.push_back({tls->key, tls->certificate});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const std::optional<RpcTls>& tls) {
  if (!tls) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({tls->roots, tls->key, tls->certificate});
}

}  // namespace ccbus::bridge
