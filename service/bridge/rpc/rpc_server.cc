#include "service/bridge/rpc/rpc_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <stdexcept>
#include <utility>

#include "service/bridge/rpc/rpc_stream.h"
#include "service/bridge/rpc/rpc_tls.h"

namespace ccbus::bridge {

// The calls of a listener. Any thread.
struct CallCounts {
  std::atomic<std::size_t> open{0};  // Until gRPC is done with them.
  std::atomic<std::size_t> held{0};  // Until the bridge's thread is.
};

namespace {

using ServerReactor = grpc::ServerGenericBidiReactor;
using namespace std::chrono_literals;

// The Go shim pings every 60 s, with or without a call; gRPC's own default takes less than 300 s
// for an attack.
constexpr int kPingIntervalMinMs = 55'000;
constexpr int kHeaderBytesMax = 16 << 10;
// From the accepted connection to TLS's and HTTP/2's first words; gRPC's own default is 120 s.
constexpr int kHandshakeMaxMs = 20'000;
constexpr std::size_t kCallsToChooseFrom = 1'000;
constexpr auto kShutdownGrace = 1s;

grpc::Status status_of(const RpcEnd& end) {
  return {static_cast<grpc::StatusCode>(end.code), end.message, end.details};
}

// A call that is refused before anything is read from it.
class RefusedCall final : public ServerReactor {
 public:
  explicit RefusedCall(const RpcEnd& end) { Finish(status_of(end)); }
  void OnDone() override { delete this; }
};

class ServedCall final : public RpcStream<ServerReactor> {
 public:
  ServedCall(Shared shared, std::uint64_t id, std::shared_ptr<RpcConnection> connection,
             CallCounts& counts)
      : RpcStream(shared, id), connection_(std::move(connection)), counts_(counts) {}

  // After the bridge's thread has been told of it.
  void start() { start_reading(); }

  void answer(std::string message) override {
    const grpc::ByteBuffer* last = queue_last(std::move(message));
    if (last == nullptr) return finish({});
    counts_.held.fetch_sub(1);
    StartWriteAndFinish(last, {}, grpc::Status::OK);  // See finish() about its life.
  }

  void OnReadDone(bool is_ok) override {
    if (is_ok && connection_) std::exchange(connection_, nullptr)->spoke();
    RpcStream::OnReadDone(is_ok);
  }
  void OnCancel() override { post(Event::Kind::kGone); }
  void OnDone() override {
    CallCounts& counts = counts_;
    delete this;
    counts.open.fetch_sub(1);
  }

 private:
  void close(const RpcEnd& end) override {
    counts_.held.fetch_sub(1);
    Finish(status_of(end));
  }

  std::shared_ptr<RpcConnection> connection_;  // Null once a message has come.
  CallCounts& counts_;
};

std::optional<std::string> certificate_name(const grpc::ServerContextBase& context) {
  const auto authentication = context.auth_context();
  if (!authentication || !authentication->IsPeerAuthenticated()) return std::nullopt;
  const auto names = authentication->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.empty() ? std::string() : std::string(names.front().data(), names.front().size());
}

}  // namespace

class RpcServer::Service final : public grpc::CallbackGenericService {
 public:
  Service(const Options& options, const RpcShared& shared) : options_(options), shared_(shared) {}

  // Before the first connection is handed over.
  void use(const RpcConnections& connections) { connections_ = &connections; }

  ServerReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    const std::string peer = context->peer();
    std::shared_ptr<RpcConnection> connection = connections_->of(peer);
    if (connection) connection->began();
    if (is_stopping_) return refuse(rpc_end(RpcCode::kUnavailable, "ccbus-bridge is stopping"));
    if (auto refusal = options_.refuses(context->method())) return refuse(*refusal);
    if (counts_.held.fetch_add(1) >= options_.limits.calls_max + kCallsToChooseFrom) {
      counts_.held.fetch_sub(1);
      return refuse(rpc_end(RpcCode::kResourceExhausted,
                            "too many calls are open, exceeding limits.calls (" +
                                std::to_string(options_.limits.calls_max) + ")"));
    }
    counts_.open.fetch_add(1);
    const std::uint64_t id = ++shared_.ids;
    auto* call = new ServedCall({shared_.events, shared_.bytes}, id, std::move(connection),
                                counts_);  // Deletes itself when it is done.
    auto served = std::make_unique<ServedRpc>();
    served->rpc = call;
    served->method = context->method();
    served->peer.connection = peer;
    served->peer.certificate_name = certificate_name(*context);
    if (context->deadline() != WallTime::max()) served->peer.deadline = context->deadline();
    shared_.events.post({Event::Kind::kServed, id, {}, std::move(served)});
    call->start();
    return call;
  }

  void stop() { is_stopping_ = true; }
  [[nodiscard]] std::size_t open() const { return counts_.open; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  ServerReactor* refuse(const RpcEnd& end) {
    refused_.fetch_add(1);
    return new RefusedCall(end);
  }

  const Options options_;
  const RpcShared shared_;
  const RpcConnections* connections_ = nullptr;
  std::atomic<bool> is_stopping_{false};
  CallCounts counts_;
  std::atomic<std::uint64_t> refused_{0};
};

RpcServer::RpcServer(Options options, const RpcShared& shared)
    : service_(std::make_unique<Service>(options, shared)) {
  const RpcLimits& limits = options.limits;
  grpc::ResourceQuota quota("ccbus-bridge");
  quota.Resize(limits.memory_bytes_max).SetMaxThreads(limits.threads_max);
  grpc::ServerBuilder builder;
  using Connections = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(Connections::FROM_FD,
                                                                   server_credentials(options.tls));
  builder.RegisterCallbackGenericService(service_.get())
      .SetResourceQuota(quota)
      .SetMaxReceiveMessageSize(static_cast<int>(limits.message_bytes_max))
      .SetMaxSendMessageSize(static_cast<int>(limits.message_bytes_max))
      .AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                          static_cast<int>(limits.calls_per_connection_max))
      .AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kHeaderBytesMax)
      .AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMaxMs)
      .AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepalive.count()))
      .AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                          static_cast<int>(kKeepaliveTimeout.count()))
      .AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1)
      .AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                          kPingIntervalMinMs);
  connections_ = std::make_unique<RpcConnections>(
      options.address, limits.connections_max, [this](int descriptor) {
        grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
        connection.fd = descriptor;
        acceptor_->HandleNewConnection(&connection);
      });
  service_->use(*connections_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    throw std::runtime_error("cannot serve on " + options.address + "; are its certificates good?");
  }
}

RpcServer::~RpcServer() {
  server_->Shutdown(std::chrono::system_clock::now() + kShutdownGrace);
}

void RpcServer::stop() {
  service_->stop();
}

std::size_t RpcServer::open() const {
  return service_->open();
}

std::uint64_t RpcServer::refused() const {
  return service_->refused();
}

}  // namespace ccbus::bridge
