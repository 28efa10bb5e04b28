#include "service/bridge/link/dealer_sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "service/bridge/calls/rpc.h"

namespace ccbus::bridge {
namespace {

using namespace std::chrono_literals;

struct User final : DealerUser {
  void on_frame(Now, std::string frame) override { frames.push_back(std::move(frame)); }
  void on_sent(Now) override { ++sent; }
  void on_lost(Now, const std::string& why) override { lost.push_back(why); }

  std::vector<std::string> frames;
  std::vector<std::string> lost;
  int sent = 0;
};

// A service of one ROUTER, and the sockets that connect to it.
struct Rig {
  Rig() {
    router.set(zmq::sockopt::linger, 0);
    router.bind("tcp://127.0.0.1:*");
    source = dealers.to(router.get(zmq::sockopt::last_endpoint));
  }

  // Turns until `is_done`, as the bridge's loop does.
  template <class Condition>
  void until(Condition is_done) {
    const auto patience = std::chrono::steady_clock::now() + 20s;
    bool has_more = false;
    while (!is_done()) {
      REQUIRE(std::chrono::steady_clock::now() < patience);
      pollfd descriptors[] = {{dealers.descriptor(), POLLIN, 0}, {events.descriptor(), POLLIN, 0}};
      poll(descriptors, 2, has_more ? 0 : 20);
      std::vector<Event> taken;
      events.take(taken);
      const Now now = Now::read();
      for (const Event& event : taken) dealers.on_frame_sent(now, event.id);
      has_more = dealers.turn(now);
      dealers.on_timer(now);
      zmq::multipart_t message;
      while (is_reading && message.recv(router, ZMQ_DONTWAIT)) {
        received.push_back(message.popstr());
        received.push_back(message.popstr());
      }
    }
  }

  zmq::context_t context;
  zmq::socket_t router{context, zmq::socket_type::router};
  bool is_reading = true;
  std::vector<std::string> received;  // Routing id, frame, routing id, frame, ...
  Events events;
  DealerSockets dealers{{100, 1, 500ms, 1 << 24, {}}, events};
  std::unique_ptr<DealerSource> source;
};

TEST_CASE("frames go both ways, also those that were sent before the connection was made",
          "[bridge][issue-17]") {
  Rig rig;
  User user;
  const auto dealer = rig.source->open(Now::read(), user);
  dealer->send("one");
  dealer->send("");
  rig.until([&] { return rig.received.size() == 4; });
  CHECK(rig.received[1] == "one");
  CHECK(rig.received[3].empty());
  zmq::multipart_t answer;
  answer.addstr(rig.received[0]);
  answer.addstr("two");
  answer.send(rig.router);
  rig.until([&] { return user.frames.size() == 1; });
  CHECK(user.frames[0] == "two");
  rig.until([&] { return dealer->unsent_bytes() == 0; });
}

TEST_CASE("a connection that is lost is told once, and never made again", "[bridge][issue-17]") {
  Rig rig;
  User user;
  const auto dealer = rig.source->open(Now::read(), user);
  dealer->send("one");
  rig.until([&] { return rig.received.size() == 2; });
  rig.router.close();
  rig.is_reading = false;
  rig.until([&] { return !user.lost.empty(); });
  CHECK_THAT(user.lost[0], Catch::Contains("was lost"));
  dealer->send("into the void");
  static_cast<void>(rig.dealers.turn(Now::read()));
  CHECK(user.lost.size() == 1);
}

// A port that is taken, and at which nobody listens.
class BoundSocket {
 public:
  BoundSocket() {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof own;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&own), length) == 0);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &length);
    address_ = "tcp://127.0.0.1:" + std::to_string(ntohs(own.sin_port));
  }
  ~BoundSocket() { close(socket_); }
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string address_;
};

TEST_CASE("an address where nobody is, is told after the time that a connection may take",
          "[bridge][issue-17]") {
  Rig rig;
  User user;
  const BoundSocket bound;
  const std::string& address = bound.address();
  const auto nobody = rig.dealers.to(address);
  const auto dealer = nobody->open(Now::read(), user);
  rig.until([&] { return !user.lost.empty(); });
  CHECK_THAT(user.lost[0], Catch::Contains("within 500 ms") && Catch::Contains(address));
}

TEST_CASE("one that is held receives nothing until it is released", "[bridge][issue-17]") {
  Rig rig;
  User user;
  const auto dealer = rig.source->open(Now::read(), user);
  dealer->send("one");
  rig.until([&] { return rig.received.size() == 2; });
  dealer->hold();
  for (const char* text : {"two", "three"}) {
    zmq::multipart_t answer;
    answer.addstr(rig.received[0]);
    answer.addstr(text);
    answer.send(rig.router);
  }
  User other;
  const auto second = rig.source->open(Now::read(), other);
  second->send("four");
  rig.until([&] { return rig.received.size() == 4; });
  CHECK(user.frames.empty());
  dealer->release();
  rig.until([&] { return user.frames.size() == 2; });
}

TEST_CASE("what libzmq has not written is counted, and its end is told", "[bridge][issue-17]") {
  Rig rig;
  User user;
  const auto dealer = rig.source->open(Now::read(), user);
  dealer->send(std::string(kRpcWindow * 8, 'x'));
  CHECK(dealer->unsent_bytes() == room_of(kRpcWindow * 8));
  dealer->tell_when_sent();
  CHECK(user.sent == 0);
  rig.until([&] { return user.sent == 1; });
  CHECK(dealer->unsent_bytes() < kRpcWindow);
}

TEST_CASE("a message of several frames ends the connection", "[bridge][issue-17]") {
  Rig rig;
  User user;
  const auto dealer = rig.source->open(Now::read(), user);
  dealer->send("one");
  rig.until([&] { return rig.received.size() == 2; });
  zmq::multipart_t answer;
  for (const std::string& part : {rig.received[0], std::string("two"), std::string("three")}) {
    answer.addstr(part);
  }
  answer.send(rig.router);
  rig.until([&] { return !user.lost.empty(); });
  CHECK_THAT(user.lost[0], Catch::Contains("several frames"));
  CHECK(user.frames.empty());
}

}  // namespace
}  // namespace ccbus::bridge
