#include "service/bridge/rpc/rpc_dialler.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <utility>

#include "service/bridge/rpc/rpc_stream.h"
#include "service/bridge/rpc/rpc_tls.h"

namespace ccbus::bridge {
namespace {

using ClientReactor = grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

class DialledCall final : public RpcStream<ClientReactor> {
 public:
  DialledCall(Shared shared, std::uint64_t id, std::atomic<std::size_t>& open,
              std::shared_ptr<grpc::Channel> channel, const std::string& method)
      : RpcStream(shared, id), open_(open), stub_(std::move(channel)) {
    open_.fetch_add(1);
    stub_.PrepareBidiStreamingCall(&context_, method, {}, this);
    AddHold();  // Reads and writes begin outside reactions: it is done after close() only.
    StartCall();
  }

  void start() { start_reading(); }

  void OnDone(const grpc::Status& status) override {
    post(Event::Kind::kEnded, status.ok() ? "it has ended" : status.error_message());
    std::atomic<std::size_t>& open = open_;
    delete this;
    open.fetch_sub(1);
  }

 private:
  void close(const RpcEnd&) override {
    context_.TryCancel();
    RemoveHold();
  }

  std::atomic<std::size_t>& open_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
};

}  // namespace

RpcDialler::Dialled RpcDialler::dial(const RpcTarget& target, const std::string& method) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(limits_.message_bytes_max));
  arguments.SetMaxSendMessageSize(static_cast<int>(limits_.message_bytes_max));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepalive.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(kKeepaliveTimeout.count()));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // A connection of its own.
  const auto timeout_ms = static_cast<int>(target.connect_timeout.count());
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, timeout_ms);
  if (!target.server_name.empty()) arguments.SetSslTargetNameOverride(target.server_name);
  auto channel =
      grpc::CreateCustomChannel(target.address, channel_credentials(target.tls), arguments);
  const std::uint64_t id = ++shared_.ids;
  auto* call = new DialledCall({shared_.events, shared_.bytes}, id, open_, std::move(channel),
                               method);  // Deletes itself when it is done.
  call->start();
  return {id, *call};
}

}  // namespace ccbus::bridge
