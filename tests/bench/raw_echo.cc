#include "tests/bench/raw_echo.h"

#include <stdexcept>

namespace ccbus::bench {
namespace {

std::vector<std::string> command_of(const RawEcho::Options& options, std::size_t reply_bytes) {
  std::vector<std::string> command = options.launcher;
  command.insert(command.end(), {BENCH_RAW_ECHO_SERVER_BINARY, std::to_string(reply_bytes)});
  if (!options.server_secret_key.empty()) command.push_back(options.server_secret_key);
  return command;
}

Exchange echo_of(const Exchange& sample) {
  std::string reply = sample.request;
  reply.resize(sample.reply.size(), '\0');
  return {sample.request, reply};
}

}  // namespace

RawEcho::RawEcho(const Exchange& sample, const LaneShape& shape, const Options& options)
    : exchange_(echo_of(sample)),
      process_(command_of(options, sample.reply.size())),
      connections_(make_connections(context_, process_.read_line(kPatience), options.sockets,
                                    options.keys)) {
  add_lane();
  for (std::size_t i = 1; i < shape.of_first; ++i) {
    lanes_.emplace_back(0, std::vector<Exchange>{exchange_});
  }
  for (std::size_t i = 0; i < shape.more_connections; ++i) add_lane();
}

void RawEcho::add_lane() {
  lanes_.emplace_back(connections_->add(), std::vector<Exchange>{exchange_});
  Measurement unused;
  run(std::span(lanes_).last(1), 1, 1, unused);
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
