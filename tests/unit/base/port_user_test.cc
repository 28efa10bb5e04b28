#include "service/base/port_user.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

using ccbus::find_port_user;

namespace {

// A socket of this process at 127.0.0.1, on a port of the system's choice.
class OwnSocket {
 public:
  explicit OwnSocket(bool listens) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    if (listens) REQUIRE(listen(descriptor_, 1) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = std::to_string(ntohs(address.sin_port));
  }
  ~OwnSocket() { close(descriptor_); }
  OwnSocket(const OwnSocket&) = delete;
  OwnSocket& operator=(const OwnSocket&) = delete;

  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  int descriptor_;
  std::string port_;
};

}  // namespace

TEST_CASE("who listens on a port is named, with the process", "[base][row-214]") {
  const OwnSocket own(true);
  const std::string process = ", process " + std::to_string(getpid());
  for (const std::string address :
       {"tcp://127.0.0.1:", "127.0.0.1:", "tcp://0.0.0.0:", "tcp://*:"}) {
    const auto user = find_port_user(address + own.port());
    REQUIRE(user);
    CHECK_THAT(*user, Catch::EndsWith(process));
    CHECK(user->size() > process.size());
  }
}

TEST_CASE("nobody listens there: another address, a socket that does not listen, no address",
          "[base]") {
  const OwnSocket own(true);
  CHECK_FALSE(find_port_user("tcp://127.0.0.2:" + own.port()));
  const OwnSocket bound(false);
  CHECK_FALSE(find_port_user("127.0.0.1:" + bound.port()));
  CHECK_FALSE(find_port_user("ipc:///run/ccbus"));
  CHECK_FALSE(find_port_user("tcp://127.0.0.1:port"));
  CHECK_FALSE(find_port_user(""));
}
