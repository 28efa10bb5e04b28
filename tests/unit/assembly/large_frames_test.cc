#include "service/assembly/large_frames.h"

#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/endpoint_rig.h"

using namespace ccbus;
using namespace ccbus::test;

namespace {

constexpr std::size_t kLarge = LargeFrames::kLargeBytes;
const PeerId kPeer{1};
const PeerId kOther{2};

// Jobs that the test runs when it wants.
class Later final : public Background {
 public:
  bool submit(std::unique_ptr<Job> job, WorkLabel) override {
    jobs.push_back(std::move(job));
    return true;
  }
  void run_one() {
    REQUIRE(!jobs.empty());
    const std::unique_ptr<Job> job = std::move(jobs.front());
    jobs.pop_front();
    job->carry_out();
    job->end(Now::read());
  }

  std::deque<std::unique_ptr<Job>> jobs;
};

// Writes down what it is handed: the peer, and the first character with the size.
class Notes final : public DecodingListener {
 public:
  void on_message(Now, PeerId peer, zmq::message_t& frame) override {
    note(peer, std::to_string(frame.size()));
  }
  void on_malformed(Now, PeerId peer, std::string_view reason) override {
    note(peer, std::string(reason));
  }
  void on_peer_gone(Now, PeerId peer) override { note(peer, "gone"); }
  Decoded decode(zmq::message_t frame) override {
    return [this, size = frame.size()](Now, PeerId peer) {
      if (size == kLarge + 13) throw std::runtime_error("a bug");
      note(peer, "decoded " + std::to_string(size));
    };
  }
  void note(PeerId peer, const std::string& what) {
    notes.push_back(std::to_string(peer.value) + " " + what);
  }

  std::vector<std::string> notes;
};

struct Rig {
  explicit Rig(bool handles_last_messages = false)
      : frames({.frame_bytes_max = 4 * kLarge,
                .waiting_bytes_max = 8 * kLarge + 1'100,
                .waiting_bytes_total = 10 * kLarge + 1'100,
                .handles_last_messages = handles_last_messages},
               decoder, notes, *endpoint.logger) {
    frames.attach(*endpoint.endpoint);
  }

  void send(PeerId peer, std::size_t bytes) {
    zmq::message_t frame(bytes);
    frames.on_message(Now::read(), peer, frame);
  }

  EndpointRig endpoint;
  Later decoder;
  Notes notes;
  LargeFrames frames;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a large message is decoded by another thread, and the peer's later ones wait in order",
          "[assembly]") {
  Rig rig;
  rig.send(kPeer, 10);
  rig.send(kPeer, kLarge);
  rig.send(kPeer, 11);
  rig.frames.on_malformed(Now::read(), kPeer, "bad");
  rig.send(kPeer, kLarge + 1);
  rig.send(kPeer, 12);
  rig.send(kOther, 20);
  CHECK(rig.notes.notes == Lines{"1 10", "2 20"});
  rig.decoder.run_one();
  rig.send(kPeer, 13);
  CHECK(rig.notes.notes ==
        Lines{"1 10", "2 20", "1 decoded " + std::to_string(kLarge), "1 11", "1 bad"});
  rig.decoder.run_one();
  rig.send(kPeer, 14);
  CHECK(Lines(rig.notes.notes.begin() + 5, rig.notes.notes.end()) ==
        Lines{"1 decoded " + std::to_string(kLarge + 1), "1 12", "1 13", "1 14"});
  CHECK(rig.decoder.jobs.empty());
}

TEST_CASE("a message above the limit is refused by the listener, in its place", "[assembly]") {
  Rig rig;
  rig.send(kPeer, 4 * kLarge + 1);
  CHECK(rig.notes.notes == Lines{"1 " + std::to_string(4 * kLarge + 1)});
}

TEST_CASE("what a chaincode has sent is dropped when it leaves", "[assembly]") {
  Rig rig;
  rig.send(kPeer, kLarge);
  rig.send(kPeer, 11);
  rig.frames.on_peer_gone(Now::read(), kPeer);
  rig.decoder.run_one();
  CHECK(rig.notes.notes == Lines{"1 gone"});
}

TEST_CASE("what a client has sent is handled before it is gone", "[assembly]") {
  Rig rig(true);
  rig.send(kPeer, kLarge);
  rig.send(kPeer, 11);
  rig.frames.on_peer_gone(Now::read(), kPeer);
  CHECK(rig.notes.notes.empty());
  rig.decoder.run_one();
  CHECK(rig.notes.notes == Lines{"1 decoded " + std::to_string(kLarge), "1 11", "1 gone"});
}

TEST_CASE("an exception while a decoded message is handled costs this message only", "[assembly]") {
  Rig rig;
  rig.send(kPeer, kLarge + 13);
  rig.send(kPeer, 11);
  rig.decoder.run_one();
  CHECK(rig.notes.notes == Lines{"1 internal error", "1 11"});
}

TEST_CASE("too much behind a large message costs its sender the connection", "[assembly]") {
  Rig rig;
  const auto dealer = rig.endpoint.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.endpoint.until([&] { return !rig.endpoint.recorder.messages.empty(); });
  const PeerId peer = rig.endpoint.recorder.messages.front().first;
  for (int i = 0; i < 8; ++i) rig.send(peer, kLarge);
  CHECK(rig.endpoint.counters.get(Counter::kConnectionsCut) == 0);
  SECTION("its own") {
    rig.send(peer, kLarge);
  }
  SECTION("that of all") {
    const PeerId other{peer.value + 1};
    for (int i = 0; i < 2; ++i) rig.send(other, kLarge);
    rig.send(peer, 1);
  }
  rig.endpoint.until([&] { return !rig.endpoint.recorder.gone.empty(); });
  CHECK(rig.endpoint.recorder.gone.front() == peer);
}

TEST_CASE("empty messages behind a large one count, and are handed over in turns", "[assembly]") {
  Rig rig;
  rig.send(kPeer, kLarge);
  for (int i = 0; i < 1'000; ++i) rig.send(kPeer, 0);
  CHECK(rig.notes.notes.empty());
  rig.decoder.run_one();
  CHECK(rig.notes.notes.size() < 300);
  while (!rig.decoder.jobs.empty()) rig.decoder.run_one();
  CHECK(rig.notes.notes.size() == 1'001);
}

TEST_CASE("large messages of many peers are bounded together, also of those that have left",
          "[assembly]") {
  Rig rig;
  for (std::uint64_t id = 1; id <= 10; ++id) {
    rig.send(PeerId{id}, kLarge);
    rig.frames.on_peer_gone(Now::read(), PeerId{id});
  }
  CHECK(rig.decoder.jobs.size() == 10);
  rig.send(PeerId{11}, kLarge);
  CHECK(rig.decoder.jobs.size() == 10);
  rig.decoder.run_one();
  rig.send(PeerId{12}, kLarge);
  CHECK(rig.decoder.jobs.size() == 10);
}
