#include "bindings/cpp/tests/support/scripted_router.h"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

namespace ccbus::testing {
namespace {

// A loopback address that only this process uses, so that a port stays free while the router is
// closed.
std::string own_endpoint() {
  const auto pid = static_cast<unsigned>(getpid());
  return "tcp://127." + std::to_string(pid >> 16 & 0xff) + "." + std::to_string(pid >> 8 & 0xff) +
         "." + std::to_string(pid & 0xff) + ":*";
}

}  // namespace

ScriptedRouter::ScriptedRouter() : ScriptedRouter(own_endpoint()) {
  open();
}

ScriptedRouter::ScriptedRouter(std::string endpoint) : endpoint_(std::move(endpoint)) {}

ScriptedRouter::~ScriptedRouter() {
  close();
}

void ScriptedRouter::open() {
  context_.emplace(1);
  router_.emplace(*context_, zmq::socket_type::router);
  router_->set(zmq::sockopt::linger, 0);
  router_->set(zmq::sockopt::router_mandatory, true);
  router_->bind(endpoint_);
  endpoint_ = router_->get(zmq::sockopt::last_endpoint);
}

void ScriptedRouter::close() {
  router_.reset();
  context_.reset();
}

ScriptedRouter::Frame ScriptedRouter::receive() {
  if (auto frame = poll(kPatience)) return *std::move(frame);
  throw std::runtime_error("the scripted router received no frame in time");
}

std::optional<ScriptedRouter::Frame> ScriptedRouter::poll(std::chrono::milliseconds timeout) {
  zmq::pollitem_t item{router_->handle(), 0, ZMQ_POLLIN, 0};
  if (zmq::poll(&item, 1, timeout) == 0) return std::nullopt;
  zmq::message_t peer;
  zmq::message_t bytes;
  static_cast<void>(router_->recv(peer));
  static_cast<void>(router_->recv(bytes));
  if (bytes.more()) throw std::runtime_error("a binding sent a message of several frames");
  return Frame{peer.to_string(), bytes.to_string()};
}

void ScriptedRouter::send(const std::string& peer, std::string_view bytes) {
  send_frames(peer, {std::string(bytes)});
}

void ScriptedRouter::send_frames(const std::string& peer, const std::vector<std::string>& frames) {
  router_->send(zmq::buffer(peer), zmq::send_flags::sndmore);
  for (std::size_t i = 0; i < frames.size(); ++i)
    router_->send(zmq::buffer(frames[i]),
                  i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

std::string unused_endpoint() {
  static int count = 0;
  const auto path = std::filesystem::temp_directory_path() /
                    ("ccbus-" + std::to_string(getpid()) + "-" + std::to_string(++count));
  return "ipc://" + path.string();
}

}  // namespace ccbus::testing
