#include "tests/bench/connections.h"

#include <sys/resource.h>

#include <stdexcept>
#include <utility>

namespace ccbus::bench {
namespace {

zmq::socket_t make_socket(zmq::context_t& context, zmq::socket_type type,
                          std::chrono::milliseconds patience) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::rcvtimeo, static_cast<int>(patience.count()));
  return socket;
}

void receive_in_time(zmq::socket_t& socket, zmq::message_t& frame) {
  if (!socket.recv(frame)) throw std::runtime_error("nothing came in time");
}

}  // namespace

DealerConnections::DealerConnections(zmq::context_t& context, std::string endpoint,
                                     std::chrono::milliseconds patience, curve::Keys keys)
    : context_(context),
      endpoint_(std::move(endpoint)),
      patience_(patience),
      keys_(std::move(keys)) {}

std::size_t DealerConnections::add() {
  dealers_.push_back(make_socket(context_, zmq::socket_type::dealer, patience_));
  if (!keys_.empty()) {
    dealers_.back().set(zmq::sockopt::curve_serverkey, keys_.server_key);
    dealers_.back().set(zmq::sockopt::curve_publickey, keys_.public_key);
    dealers_.back().set(zmq::sockopt::curve_secretkey, keys_.secret_key);
  }
  dealers_.back().connect(endpoint_);
  return dealers_.size() - 1;
}

void DealerConnections::send(std::size_t connection, zmq::message_t frame) {
  dealers_[connection].send(frame, zmq::send_flags::none);
}

std::size_t DealerConnections::receive(std::size_t expected, zmq::message_t& frame) {
  receive_in_time(dealers_[expected], frame);
  return expected;
}

RouterConnections::RouterConnections(zmq::context_t& context, std::string endpoint)
    : router_(make_socket(context, zmq::socket_type::router, kPatience)),
      endpoint_(std::move(endpoint)) {
  router_.set(zmq::sockopt::router_mandatory, true);
}

std::size_t RouterConnections::add() {
  const std::size_t number = names_.size();
  names_.push_back("connection " + std::to_string(number));
  numbers_.emplace(names_.back(), number);
  router_.set(zmq::sockopt::connect_routing_id, names_.back());
  router_.connect(endpoint_);
  return number;
}

void RouterConnections::send(std::size_t connection, zmq::message_t frame) {
  router_.send(zmq::buffer(names_[connection]), zmq::send_flags::sndmore);
  router_.send(frame, zmq::send_flags::none);
}

std::size_t RouterConnections::receive(std::size_t /*expected*/, zmq::message_t& frame) {
  zmq::message_t name;
  receive_in_time(router_, name);
  receive_in_time(router_, frame);
  return numbers_.at(name.to_string());
}

std::unique_ptr<Connections> make_connections(zmq::context_t& context, const std::string& endpoint,
                                              Sockets sockets, const curve::Keys& keys) {
  if (sockets == Sockets::kOneRouter) return std::make_unique<RouterConnections>(context, endpoint);
  return std::make_unique<DealerConnections>(context, endpoint, kPatience, keys);
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error("no limit of descriptors");
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace ccbus::bench
