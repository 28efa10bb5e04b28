#include "tests/bench/round_trips.h"

#include <stdexcept>
#include <utility>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

zmq::socket_t make_dealer(zmq::context_t& context, const std::string& endpoint) {
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.set(zmq::sockopt::linger, 0);
  dealer.set(zmq::sockopt::rcvtimeo, kPatienceMs);
  dealer.connect(endpoint);
  return dealer;
}

void Lane::send(zmq::socket_t& dealer) {
  sent_ = Clock::now();
  dealer.send(zmq::buffer(exchanges_[next_].request), zmq::send_flags::none);
}

Clock::duration Lane::receive(zmq::socket_t& dealer) {
  zmq::message_t frame;
  if (!dealer.recv(frame)) throw std::runtime_error("no reply came in time");
  const Clock::duration took = Clock::now() - sent_;
  if (frame.to_string_view() != exchanges_[next_].reply) {
    throw std::runtime_error("a reply is not what it has to be");
  }
  next_ = (next_ + 1) % exchanges_.size();
  return took;
}

void run_round_trips(zmq::socket_t& dealer, pid_t server, std::span<Lane> lanes, std::size_t count,
                     Measurement& measured) {
  const auto cpu_before = processor_time_of(server);
  const auto start = Clock::now();
  std::size_t sent = 0;
  for (; sent < lanes.size() && sent < count; ++sent) lanes[sent].send(dealer);
  for (std::size_t received = 0; received < count; ++received) {
    Lane& lane = lanes[received % lanes.size()];
    measured.add(lane.receive(dealer));
    if (sent == count) continue;
    lane.send(dealer);
    ++sent;
  }
  measured.add_elapsed(Clock::now() - start);
  measured.add_cpu(processor_time_of(server) - cpu_before);
}

}  // namespace ccbus::bench
