#include "service/bridge/bridge.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "service/base/assert.h"
#include "service/bridge/chaincode/chaincode_stream.h"
#include "service/bridge/rpc/rpc_tls.h"

namespace ccbus::bridge {
namespace {

constexpr std::string_view kRegister = "/protos.ChaincodeSupport/Register";
constexpr const char* kConnect = "/protos.Chaincode/Connect";
constexpr const char* kOwnLink = "health";  // In place of a gRPC connection.
constexpr const char* kStopping = "ccbus-bridge is stopping";

RpcLimits limits_of(const Settings& settings) {
  RpcLimits limits;
  limits.message_bytes_max = settings.message_bytes_max;
  limits.memory_bytes_max = settings.grpc_bytes_max;
  limits.calls_max = settings.calls_max;
  limits.calls_per_connection_max = settings.calls_per_connection_max;
  limits.connections_max = settings.connections_max;
  return limits;
}

RpcTls tls_of(const Settings& settings, const std::vector<std::string>& roots, bool is_required) {
  auto tls = read_rpc_tls(
      {settings.tls_certificate, settings.tls_key, {roots.begin(), roots.end()}, is_required});
  if (!tls) throw std::runtime_error("tls: " + tls.error().message);
  return std::move(*tls);
}

RpcServer::Options clients_options(const Settings& settings) {
  RpcServer::Options options{
      settings.clients_address, {}, limits_of(settings), &GatewayMethods::refuses};
  if (settings.tls) {
    options.tls = tls_of(settings, settings.tls_client_roots, settings.tls_client_auth);
  }
  return options;
}

std::optional<RpcEnd> refuses_chaincode_method(std::string_view method) {
  if (method == kRegister) return std::nullopt;
  return rpc_end(RpcCode::kUnimplemented,
                 "ccbus-bridge serves protos.ChaincodeSupport here; applications connect to its "
                 "other address, listenAddress");
}

RpcServer::Options chaincode_options(const Settings& settings) {
  RpcServer::Options options{
      settings.chaincode_address, {}, limits_of(settings), &refuses_chaincode_method};
  if (settings.chaincode_tls) {
    options.tls = tls_of(settings, settings.chaincode_roots, !settings.chaincode_roots.empty());
  }
  return options;
}

DealerSockets::Options dealer_options(const Settings& settings) {
  DealerSockets::Options options;
  options.sockets_max = settings.connections_max;
  options.connect_timeout = settings.connect_timeout;
  options.frame_bytes_max = static_cast<std::int64_t>(settings.message_bytes_max);
  options.keys = curve::read_keys(settings.key, settings.server_key);
  return options;
}

int milliseconds_until(std::optional<SteadyTime> until, SteadyTime now) {
  if (!until) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

}  // namespace

Bridge::Bridge(const Settings& settings, Logger& logger)
    : settings_(settings),
      logger_(logger),
      asks_chaincode_for_certificates_(!settings.chaincode_roots.empty()),
      files_(std::filesystem::path(settings.directory) / "chaincodes"),
      bytes_(settings.bytes_max),
      dealers_(dealer_options(settings), events_),
      to_clients_endpoint_(dealers_.to(settings.service_clients)),
      to_chaincode_endpoint_(dealers_.to(settings.service_chaincode)),
      links_(*to_clients_endpoint_),
      methods_(links_),
      dialler_(limits_of(settings), {events_, bytes_, ids_}),
      calls_(bytes_, settings.calls_max),
      dialled_([this](Now, const ChaincodeService& service,
                      const RpcTarget& target) { return dial(service, target); },
               [this](Now, std::uint64_t call) {
                 calls_.finish(call, rpc_end(RpcCode::kCancelled, "the chaincode was removed"));
               },
               logger),
      clients_(clients_options(settings), {events_, bytes_, ids_}),
      chaincodes_(chaincode_options(settings), {events_, bytes_, ids_}) {
  auto kept = files_.read();
  if (!kept) throw std::runtime_error(kept.error().message);
  const Now now = Now::read();
  for (const ChaincodeService& service : *kept) {
    know_package(service);
    dialled_.set(now, service);
  }
}

Bridge::~Bridge() {
  CCBUS_ASSERT(calls_.size() == 0);
}

void Bridge::post(std::function<void(Now)> task) {
  Event event{Event::Kind::kTask};
  event.task = std::move(task);
  events_.post(std::move(event));
}

void Bridge::know_package(const ChaincodeService& service) {
  std::erase_if(packages_, [&](const auto& entry) { return entry.second == service.name; });
  if (!service.package_id.empty()) packages_[service.package_id] = service.name;
}

Result<void> Bridge::connect(Now now, const ChaincodeService& service) {
  if (auto kept = files_.keep(service); !kept) return kept;
  know_package(service);
  dialled_.set(now, service);
  return {};
}

Result<void> Bridge::disconnect(Now now, const std::string& name) {
  if (auto removed = files_.remove(name); !removed) return removed;
  std::erase_if(packages_, [&](const auto& entry) { return entry.second == name; });
  static_cast<void>(dialled_.remove(now, name));
  return {};
}

void Bridge::ask_status(Now now, ServiceLink::Answer answer) {
  ccbus::ClientRequest request;
  request.mutable_status();
  links_.of(now, kOwnLink)->ask(std::move(request), std::move(answer));
}

Bridge::Report Bridge::report() const {
  std::vector<ServiceLinks::Report> applications = links_.report();
  std::erase_if(applications, [](const auto& link) { return link.from == kOwnLink; });
  const RpcConnections& clients = clients_.connections();
  const RpcConnections& chaincodes = chaincodes_.connections();
  return {std::move(applications),
          dealers_.open(),
          clients.open() + chaincodes.open(),
          clients.refused() + chaincodes.refused(),
          bytes_.held(),
          clients_.refused() + chaincodes_.refused(),
          calls_.counters(),
          calls_.report(),
          dialled_.report()};
}

Result<std::string> Bridge::admit(const std::string& name, const RpcPeer& peer) const {
  std::string registered = registered_name(name, packages_);
  if (asks_chaincode_for_certificates_ && peer.certificate_name != registered) {
    return fail(ErrorCode::kDenied, "the certificate of the chaincode is that of '" +
                                        peer.certificate_name.value_or("") +
                                        "': it may not register as '" + registered + "'");
  }
  return registered;
}

void Bridge::serve(Now now, std::uint64_t id, ServedRpc& served) {
  const std::string& from = served.peer.connection;
  calls_.add_served(now, id, *served.rpc, from, [&](Rpc& rpc) -> std::unique_ptr<RpcCall> {
    if (served.method != kRegister) return methods_.start(now, rpc, served.method, served.peer);
    return std::make_unique<ChaincodeStream>(
        rpc, from,
        ChaincodeStream::Parts{
            *to_chaincode_endpoint_,
            [this, peer = served.peer](const std::string& name) { return admit(name, peer); },
            logger_});
  });
}

std::uint64_t Bridge::dial(const ChaincodeService& service, const RpcTarget& target) {
  const RpcDialler::Dialled call = dialler_.dial(target, kConnect);
  calls_.add(call.id, call.rpc, target.address, [&](Rpc& rpc) {
    return std::make_unique<ChaincodeStream>(
        rpc, target.address,
        ChaincodeStream::Parts{
            *to_chaincode_endpoint_,
            [name = service.name](const std::string&) -> Result<std::string> { return name; },
            logger_});
  });
  return call.id;
}

void Bridge::on_event(Now now, Event event) {
  switch (event.kind) {
    case Event::Kind::kServed: return serve(now, event.id, *event.served);
    case Event::Kind::kEnded: return dialled_.on_ended(now, event.id, event.text);
    case Event::Kind::kFrameSent: return dealers_.on_frame_sent(now, event.id);
    case Event::Kind::kTask: return event.task(now);
    case Event::Kind::kMessage:
    case Event::Kind::kHalfClosed:
    case Event::Kind::kGone:
    case Event::Kind::kRoom: return calls_.on_event(now, std::move(event));
  }
}

std::optional<SteadyTime> Bridge::next_deadline() const {
  const auto deadline =
      earlier(earlier(dealers_.next_deadline(), links_.next_deadline()), calls_.next_deadline());
  return is_stop_asked_ ? deadline : earlier(deadline, dialled_.next_deadline());
}

void Bridge::turn(int stop_descriptor, std::optional<SteadyTime> until) {
  pollfd descriptors[] = {{events_.descriptor(), POLLIN, 0},
                          {dealers_.descriptor(), POLLIN, 0},
                          {stop_descriptor, POLLIN, 0},
                          {clients_.connections().descriptor(), POLLIN, 0},
                          {chaincodes_.connections().descriptor(), POLLIN, 0}};
  const auto deadline = earlier(until, next_deadline());
  const int patience =
      has_more_ ? 0 : milliseconds_until(deadline, std::chrono::steady_clock::now());
  if (poll(descriptors, std::size(descriptors), patience) < 0 && errno != EINTR) {
    throw std::runtime_error("poll: " + std::generic_category().message(errno));
  }
  const Now now = Now::read();
  if (descriptors[2].revents != 0) is_stop_asked_ = true;
  if (descriptors[3].revents != 0) clients_.connections().turn();
  if (descriptors[4].revents != 0) chaincodes_.connections().turn();
  taken_.clear();
  if (descriptors[0].revents != 0) events_.take(taken_);
  for (Event& event : taken_) {
    on_event(now, std::move(event));
    calls_.sweep();
  }
  has_more_ = dealers_.turn(now);
  dealers_.on_timer(now);
  calls_.on_timer(now);
  calls_.sweep();
  links_.on_timer(now);
  if (!is_stop_asked_) dialled_.on_timer(now);
  calls_.sweep();
}

void Bridge::run(int stop_descriptor) {
  while (!is_stop_asked_) turn(stop_descriptor, std::nullopt);
  clients_.stop();
  chaincodes_.stop();
  const auto until = std::chrono::steady_clock::now() + settings_.shutdown_grace;
  logger_.info("bridge.stopping calls={} grace_ms={}", calls_.size(),
               settings_.shutdown_grace.count());
  while (links_.open() > 0 && std::chrono::steady_clock::now() < until) turn(-1, until);
  // Calls that were taken before the listeners stopped may still be on their way.
  while (clients_.open() + chaincodes_.open() + dialler_.open() + calls_.size() > 0) {
    calls_.finish_all(rpc_end(RpcCode::kUnavailable, kStopping));
    turn(-1, std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
    if (std::chrono::steady_clock::now() > until + std::chrono::seconds(5)) break;
  }
  logger_.info("bridge.stopped");
}

}  // namespace ccbus::bridge
