#include "service/bridge/link/dealer_sockets.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "service/base/assert.h"
#include "service/bridge/calls/rpc.h"

namespace ccbus::bridge {
namespace {

constexpr int kFramesPerLook = 64;
constexpr int kFramesWaiting = 64;  // Received by libzmq and not by us, of one connection.
constexpr int kLingerMs = 1'000;
constexpr std::size_t kEventsPerTurn = 256;

}  // namespace

// The bytes of one connection that libzmq has not written yet. Any thread.
struct DealerSockets::Unsent {
  Unsent(Events& to, std::uint64_t of) : events(to), id(of) {}

  void take_away(std::size_t count) {
    if (bytes.fetch_sub(count) - count < kRpcWindow && is_awaited.exchange(false)) {
      events.post({Event::Kind::kFrameSent, id});
    }
  }

  Events& events;
  const std::uint64_t id;
  std::atomic<std::size_t> bytes{0};
  std::atomic<bool> is_awaited{false};
};

// A frame on its way: what libzmq gets to free once it has written it.
struct DealerSockets::Outgoing {
  std::string bytes;
  std::shared_ptr<Unsent> unsent;

  static void forget(void*, void* outgoing) {
    const std::unique_ptr<Outgoing> frame(static_cast<Outgoing*>(outgoing));
    frame->unsent->take_away(room_of(frame->bytes.size()));
  }
};

zmq::message_t DealerSockets::as_message(std::string bytes, std::shared_ptr<Unsent> unsent) {
  if (bytes.empty()) return zmq::message_t();
  auto frame = std::make_unique<Outgoing>(Outgoing{std::move(bytes), std::move(unsent)});
  zmq::message_t message(frame->bytes.data(), frame->bytes.size(), &Outgoing::forget, frame.get());
  static_cast<void>(frame.release());
  return message;
}

class DealerSockets::Socket final : public Dealer {
 public:
  Socket(DealerSockets& all, const std::string& address, std::uint64_t id, DealerUser& user)
      : all_(all),
        address_(address),
        id_(id),
        user_(user),
        unsent_(std::make_shared<Unsent>(all.events_, id)) {
    try {
      connect();
    } catch (const zmq::error_t& error) {
      failure_ = error.what();  // Out of sockets or descriptors; told by the next look.
    }
    all_.sockets_.emplace(id_, this);
    mark();
  }
  ~Socket() override {
    all_.sockets_.erase(id_);
    if (socket_) epoll_ctl(all_.epoll_, EPOLL_CTL_DEL, socket_->get(zmq::sockopt::fd), nullptr);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(std::string frame) override {
    if (!frame.empty()) unsent_->bytes.fetch_add(room_of(frame.size()));
    if (link_ == Link::kConnecting) return waiting_.push_back(std::move(frame));
    transmit(std::move(frame));
    mark();  // Sending may have taken the descriptor's news.
  }

  [[nodiscard]] std::size_t unsent_bytes() const override { return unsent_->bytes.load(); }

  void tell_when_sent() override {
    unsent_->is_awaited.store(true);
    if (unsent_->bytes.load() < kRpcWindow && unsent_->is_awaited.exchange(false)) {
      all_.events_.post({Event::Kind::kFrameSent, id_});
    }
  }

  void hold() override { is_held_ = true; }
  void release() override {
    is_held_ = false;
    mark();
  }

  // Receives what there is, within the limit of a look.
  void look(Now now) {
    is_marked_ = false;
    if (link_ == Link::kLost) return;
    if (!socket_) return lose(now, failure_);
    if (link_ == Link::kConnecting) {
      if (!is(ZMQ_POLLOUT)) return;
      link_ = Link::kUp;
      for (std::string& frame : std::exchange(waiting_, {})) transmit(std::move(frame));
    }
    for (int i = 0; i < kFramesPerLook && !is_held_; ++i) {
      zmq::message_t frame;
      if (!socket_->recv(frame, zmq::recv_flags::dontwait)) break;
      if (frame.more()) return lose(now, address_ + " has sent a message of several frames");
      user_.on_frame(now, frame.to_string());
    }
    // Asked once: each time takes the descriptor's news, also that a frame has come since.
    const int events = socket_->get(zmq::sockopt::events);
    if ((events & ZMQ_POLLIN) != 0) {
      if (!is_held_) mark();
    } else if ((events & ZMQ_POLLOUT) ==
               0) {  // Nothing limits what it may be sent, but its connection.
      lose(now, "the connection to " + address_ + " was lost");
    }
  }

  void on_sent(Now now) {
    if (link_ != Link::kLost) user_.on_sent(now);
  }

  void give_up_connecting(Now now) {
    if (link_ != Link::kConnecting) return;
    lose(now, "no connection to " + address_ + " within " +
                  std::to_string(all_.options_.connect_timeout.count()) +
                  " ms (`ccbus doctor` tells why)");
  }

 private:
  enum class Link { kConnecting, kUp, kLost };

  void connect() {
    zmq::socket_t socket(all_.context_, zmq::socket_type::dealer);
    socket.set(zmq::sockopt::immediate, true);    // So that it can be written to while
    socket.set(zmq::sockopt::reconnect_ivl, -1);  // its one connection is there,
    socket.set(zmq::sockopt::sndhwm, 0);          // and only then. Unsent counts what is queued.
    socket.set(zmq::sockopt::rcvhwm, kFramesWaiting);
    socket.set(zmq::sockopt::linger, kLingerMs);
    socket.set(zmq::sockopt::maxmsgsize, all_.options_.frame_bytes_max);
    if (const curve::Keys& keys = all_.options_.keys; !keys.empty()) {
      socket.set(zmq::sockopt::curve_serverkey, keys.server_key);
      socket.set(zmq::sockopt::curve_publickey, keys.public_key);
      socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = id_;
    if (epoll_ctl(all_.epoll_, EPOLL_CTL_ADD, socket.get(zmq::sockopt::fd), &event) != 0) {
      failure_ = std::generic_category().message(errno);
      return;
    }
    socket.connect(address_);
    socket_ = std::move(socket);
  }

  [[nodiscard]] bool is(int events) { return (socket_->get(zmq::sockopt::events) & events) != 0; }

  void transmit(std::string frame) {
    zmq::message_t message = as_message(std::move(frame), unsent_);
    // It fails only if the connection is lost, which the next look finds.
    static_cast<void>(socket_->send(message, zmq::send_flags::dontwait));
  }

  // Has turn() look at it.
  void mark() {
    if (!std::exchange(is_marked_, true)) all_.looks_.push_back(id_);
  }

  void lose(Now now, const std::string& why) {
    link_ = Link::kLost;
    user_.on_lost(now, why);
  }

  DealerSockets& all_;
  const std::string& address_;
  const std::uint64_t id_;
  DealerUser& user_;
  const std::shared_ptr<Unsent> unsent_;
  std::optional<zmq::socket_t> socket_;  // nullopt: `failure_` says why.
  std::string failure_;
  Link link_ = Link::kConnecting;
  bool is_held_ = false;
  bool is_marked_ = false;
  std::vector<std::string> waiting_;  // Until the connection is made.
};

class DealerSockets::Source final : public DealerSource {
 public:
  Source(DealerSockets& all, std::string address) : all_(all), address_(std::move(address)) {}

  [[nodiscard]] std::unique_ptr<Dealer> open(Now now, DealerUser& user) override {
    const std::uint64_t id = ++all_.ids_;
    all_.attempts_.push_back({now.steady + all_.options_.connect_timeout, id});
    return std::make_unique<Socket>(all_, address_, id, user);
  }

 private:
  DealerSockets& all_;
  const std::string address_;
};

DealerSockets::DealerSockets(Options options, Events& events)
    : options_(std::move(options)),
      events_(events),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      context_(options_.io_threads, static_cast<int>(options_.sockets_max)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

DealerSockets::~DealerSockets() {
  CCBUS_ASSERT(sockets_.empty());
  close(epoll_);
}

std::unique_ptr<DealerSource> DealerSockets::to(std::string address) {
  return std::make_unique<Source>(*this, std::move(address));
}

DealerSockets::Socket* DealerSockets::find(std::uint64_t id) const {
  const auto at = sockets_.find(id);
  return at == sockets_.end() ? nullptr : at->second;
}

bool DealerSockets::turn(Now now) {
  std::array<epoll_event, kEventsPerTurn> ready{};
  const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t id = ready[static_cast<std::size_t>(i)].data.u64;  // Packed: no reference.
    looks_.push_back(id);
  }
  for (const std::uint64_t id : std::exchange(looks_, {})) {
    if (Socket* socket = find(id)) socket->look(now);
  }
  return !looks_.empty();
}

void DealerSockets::on_frame_sent(Now now, std::uint64_t id) {
  if (Socket* socket = find(id)) socket->on_sent(now);
}

void DealerSockets::on_timer(Now now) {
  while (!attempts_.empty() && attempts_.front().until <= now.steady) {
    const std::uint64_t id = attempts_.front().id;
    attempts_.pop_front();
    if (Socket* socket = find(id)) socket->give_up_connecting(now);
  }
}

std::optional<SteadyTime> DealerSockets::next_deadline() const {
  if (attempts_.empty()) return std::nullopt;
  return attempts_.front().until;
}

}  // namespace ccbus::bridge
