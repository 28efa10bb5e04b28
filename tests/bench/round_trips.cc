#include "tests/bench/round_trips.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {

void Lane::send(Connections& connections) {
  const std::string& request = exchanges_[next_].request;
  sent_ = Clock::now();
  connections.send(connection_, zmq::message_t(request.data(), request.size()));
}

Clock::duration Lane::take(const zmq::message_t& reply) {
  const Clock::duration took = Clock::now() - sent_;
  if (reply.to_string_view() != exchanges_[next_].reply) {
    throw std::runtime_error("a reply is not what it has to be");
  }
  next_ = (next_ + 1) % exchanges_.size();
  return took;
}

void run_round_trips(Connections& connections, pid_t server, std::span<Lane> lanes,
                     std::size_t in_flight, std::size_t count, Measurement& measured) {
  std::deque<Lane*> idle;
  for (Lane& lane : lanes) idle.push_back(&lane);
  std::deque<Lane*> under_way;  // Oldest first.
  std::size_t sent = 0;
  const auto send_next = [&] {
    under_way.push_back(idle.front());
    idle.pop_front();
    under_way.back()->send(connections);
    ++sent;
  };
  zmq::message_t reply;
  const auto cpu_before = processor_time_of(server);
  const auto start = Clock::now();
  while (sent < in_flight && sent < count) send_next();
  for (std::size_t received = 0; received < count; ++received) {
    const std::size_t from = connections.receive(under_way.front()->connection(), reply);
    const auto at = std::find_if(under_way.begin(), under_way.end(),
                                 [from](const Lane* lane) { return lane->connection() == from; });
    if (at == under_way.end()) throw std::runtime_error("a reply to nothing that was asked");
    Lane& lane = **at;
    measured.add(lane.take(reply));
    under_way.erase(at);
    idle.push_back(&lane);
    if (sent < count) send_next();
  }
  measured.add_elapsed(Clock::now() - start);
  measured.add_cpu(processor_time_of(server) - cpu_before);
}

}  // namespace ccbus::bench
