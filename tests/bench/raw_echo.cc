#include "tests/bench/raw_echo.h"

#include <stdexcept>

namespace ccbus::bench {
namespace {

std::vector<std::string> command_of(const RawEcho::Shape& shape, std::size_t reply_bytes) {
  std::vector<std::string> command = shape.launcher;
  command.insert(command.end(), {BENCH_RAW_ECHO_SERVER_BINARY, std::to_string(reply_bytes)});
  return command;
}

}  // namespace

RawEcho::RawEcho(const Exchange& sample, const Shape& shape)
    : process_(command_of(shape, sample.reply.size())),
      connections_(make_connections(context_, process_.read_line(kPatience), shape.sockets)) {
  std::string reply = sample.request;
  reply.resize(sample.reply.size(), '\0');
  for (std::size_t i = 0; i < shape.connections; ++i) add_connection({sample.request, reply});
  for (std::size_t i = 0; i < shape.lanes; ++i) {
    lanes_.emplace_back(i % shape.connections, std::vector<Exchange>{{sample.request, reply}});
  }
}

void RawEcho::add_connection(const Exchange& exchange) {
  Lane lane(connections_->add(), {exchange});
  Measurement unused;
  run({&lane, 1}, 1, 1, unused);
}

void RawEcho::run(std::span<Lane> lanes, std::size_t in_flight, std::size_t count,
                  Measurement& measured) {
  run_round_trips(*connections_, process_.pid(), lanes, in_flight, count, measured);
}

void RawEcho::finish() {
  connections_->send(0, zmq::message_t());
  if (process_.wait(kPatience) != 0) throw std::runtime_error("the echo server failed");
}

}  // namespace ccbus::bench
