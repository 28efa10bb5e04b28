#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/bridge/calls/event.h"
#include "service/bridge/calls/rpc_bytes.h"
#include "service/bridge/calls/rpc_target.h"
#include "service/bridge/rpc/rpc_connections.h"

namespace grpc {
class Server;
namespace experimental {
class ExternalConnectionAcceptor;
}  // namespace experimental
}  // namespace grpc

namespace ccbus::bridge {

// What both listeners of the bridge, and the calls that it makes, have together.
struct RpcLimits {
  std::size_t message_bytes_max = 100u << 20;  // Of one message, in either direction.
  std::size_t memory_bytes_max = std::size_t{1}
                                 << 30;  // That gRPC may take for connections and messages.
  std::size_t calls_max = 10'000;        // Open at once; a few more are taken, for the bridge's
                                         // thread to choose which one has to go.
  std::size_t calls_per_connection_max = 1'000;
  std::size_t connections_max = 10'000;  // Of one listener.
  int threads_max = 64;
};

// How often a silent connection is asked for a sign of life, and how long it has for it: as
// Fabric's peer does. Chaincode that serves refuses to be asked more often than once a minute.
inline constexpr std::chrono::milliseconds kKeepalive{60'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{20'000};

// What all calls share. It outlives them.
struct RpcShared {
  Events& events;
  RpcBytes& bytes;
  std::atomic<std::uint64_t>& ids;  // Gives each call its number.
};

// A gRPC listener. Every call is served by its method's name alone, as a stream of messages of
// bytes: what they mean is for the logic on the bridge's thread. A call of an unknown method, and
// one too many, is refused here and never gets there.
//
// Thread: the bridge's; gRPC has threads of its own.
class RpcServer {
 public:
  struct Options {
    std::string address;          // host:port; port 0 lets the system choose.
    std::optional<RpcTls> tls{};  // nullopt: in the clear.
    RpcLimits limits{};
    // Returns how a call of this method is refused, or nullopt if it is served. Any thread.
    std::function<std::optional<RpcEnd>(std::string_view method)> refuses;
  };

  // Listens. The events get kServed. Throws std::runtime_error, naming the address.
  RpcServer(Options options, const RpcShared& shared);
  // Blocks: until all calls are finished, at most a second after stop().
  ~RpcServer();
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // The connections: their descriptor() is to be waited for, and their turn() to be called.
  [[nodiscard]] RpcConnections& connections() { return *connections_; }
  [[nodiscard]] const RpcConnections& connections() const { return *connections_; }

  // Refuses further calls with UNAVAILABLE.
  void stop();

  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] std::uint64_t refused() const;

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<RpcConnections> connections_;  // The service looks into it.
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace ccbus::bridge
