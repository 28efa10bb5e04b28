#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/log.h"
#include "service/bridge/calls/event.h"
#include "service/bridge/calls/open_calls.h"
#include "service/bridge/calls/rpc_bytes.h"
#include "service/bridge/chaincode/chaincode_service_files.h"
#include "service/bridge/chaincode/dialled_chaincodes.h"
#include "service/bridge/chaincode/registered_name.h"
#include "service/bridge/gateway/methods.h"
#include "service/bridge/gateway/service_links.h"
#include "service/bridge/link/dealer_sockets.h"
#include "service/bridge/rpc/rpc_dialler.h"
#include "service/bridge/rpc/rpc_server.h"
#include "service/bridge/settings/settings.h"

namespace ccbus::bridge {

// The bridge: two gRPC listeners, the calls that it makes itself, a DEALER to the service for each
// of them, and the one thread on which all of them meet.
//
// Thread: constructed, run and destroyed on one thread, the bridge's. The functions that say so may
//         be called on any.
class Bridge {
 public:
  // Listens, and begins to call the chaincodes as a service that its directory has. Throws
  // std::runtime_error, naming what it cannot do. Blocks: on the disk.
  Bridge(const Settings& settings, Logger& logger);
  ~Bridge();
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  // Serves until the descriptor can be read, or stop() was called; then it takes no further call,
  // and ends those that are open after the grace of the settings.
  void run(int stop_descriptor);

  // host:port.
  [[nodiscard]] const std::string& clients_address() const {
    return clients_.connections().address();
  }
  [[nodiscard]] const std::string& chaincode_address() const {
    return chaincodes_.connections().address();
  }

  // Carries out a task on the bridge's thread. Any thread.
  void post(std::function<void(Now)> task);

  // Keeps a chaincode as a service, and calls it from now on; it replaces the one of its name. The
  // bridge's thread. Blocks: on the disk. Errors: kIo.
  [[nodiscard]] Result<void> connect(Now now, const ChaincodeService& service);
  // Errors: kNotFound, kIo.
  [[nodiscard]] Result<void> disconnect(Now now, const std::string& name);

  // Asks the service for its status. The bridge's thread.
  void ask_status(Now now, ServiceLink::Answer answer);

  // The bridge's thread.
  struct Report {
    std::vector<ServiceLinks::Report> applications;
    std::size_t dealers = 0;
    std::size_t connections = 0;  // That were made to it, of gRPC.
    std::uint64_t connections_refused = 0;
    std::size_t bytes_held = 0;
    std::uint64_t refused = 0;  // Calls, at once.
    CallCounters counters;
    std::vector<OpenCalls::Call> calls;
    std::vector<DialledChaincodes::Status> chaincodes;
  };
  [[nodiscard]] Report report() const;

 private:
  void on_event(Now now, Event event);
  void serve(Now now, std::uint64_t id, ServedRpc& served);
  [[nodiscard]] std::uint64_t dial(const ChaincodeService& service, const RpcTarget& target);
  // The name under which a chaincode that has called may register.
  [[nodiscard]] Result<std::string> admit(const std::string& name, const RpcPeer& peer) const;
  // One turn: waits at most until `until`, and does what there is to do.
  void turn(int stop_descriptor, std::optional<SteadyTime> until);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  void know_package(const ChaincodeService& service);

  const Settings settings_;
  Logger& logger_;
  const bool asks_chaincode_for_certificates_;
  const ChaincodeServiceFiles files_;
  Events events_;
  RpcBytes bytes_;
  std::atomic<std::uint64_t> ids_{0};  // Of calls.

  DealerSockets dealers_;
  const std::unique_ptr<DealerSource> to_clients_endpoint_;
  const std::unique_ptr<DealerSource> to_chaincode_endpoint_;
  ServiceLinks links_;
  GatewayMethods methods_;
  PackageNames packages_;
  RpcDialler dialler_;
  OpenCalls calls_;
  DialledChaincodes dialled_;
  std::vector<Event> taken_;
  bool has_more_ = false;  // To receive.
  bool is_stop_asked_ = false;

  RpcServer clients_;  // Last: their threads use the above.
  RpcServer chaincodes_;
};

}  // namespace ccbus::bridge
