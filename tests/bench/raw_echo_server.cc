// The other side of the comparison: only libzmq. A ROUTER that answers every frame with the same
// bytes, padded or cut to the size of a RESPONSE.
//
// Prints its endpoint in one line, and ends at the first empty frame.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "zmq.hpp"

namespace {

constexpr int kConnectionsWaiting = 4096;  // In the kernel, not yet accepted; ccbusd's own value.

zmq::message_t resized(const zmq::message_t& frame, std::size_t bytes) {
  zmq::message_t reply(bytes);
  const std::size_t kept = std::min(bytes, frame.size());
  std::memcpy(reply.data(), frame.data(), kept);
  std::memset(reply.data<char>() + kept, 0, bytes - kept);
  return reply;
}

void serve(zmq::socket_t& router, std::size_t reply_bytes) {
  zmq::message_t routing_id;
  zmq::message_t frame;
  while (router.recv(routing_id) && router.recv(frame) && frame.size() > 0) {
    router.send(routing_id, zmq::send_flags::sndmore);
    router.send(resized(frame, reply_bytes), zmq::send_flags::none);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: bench_raw_echo_server REPLY_BYTES [SECRET_KEY]\n");
    return 2;
  }
  zmq::context_t context;
  zmq::socket_t router(context, zmq::socket_type::router);
  router.set(zmq::sockopt::linger, 0);
  router.set(zmq::sockopt::backlog, kConnectionsWaiting);
  if (argc == 3) {  // CURVE, without an authenticator: every client may connect.
    router.set(zmq::sockopt::curve_server, true);
    router.set(zmq::sockopt::curve_secretkey, argv[2]);
  }
  router.bind("tcp://127.0.0.1:*");
  std::printf("%s\n", router.get(zmq::sockopt::last_endpoint).c_str());
  std::fflush(stdout);
  serve(router, std::strtoul(argv[1], nullptr, 10));
}
