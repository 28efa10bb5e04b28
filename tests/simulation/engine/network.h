#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/ids.h"
#include "service/base/result.h"
#include "tests/simulation/engine/chance.h"
#include "tests/simulation/engine/trace.h"

namespace ccbus::simulation {

// What an endpoint hands to the service, as bus::EndpointListener.
class ServiceEnd {
 public:
  virtual ~ServiceEnd() = default;
  virtual void on_message(PeerId peer, std::string_view frame) = 0;
  virtual void on_malformed(PeerId peer, std::string_view reason) = 0;
  virtual void on_peer_gone(PeerId peer) = 0;
};

// One connection, as its actor knows it. Never used again.
struct LinkId {
  std::uint64_t value = 0;
  auto operator<=>(const LinkId&) const = default;
};

// The stand-in for bus::RouterEndpoint and everything behind it: one endpoint of the service, its
// connections, and what is under way on them. It keeps the endpoint's rules: a peer has its id from
// its first message on, and on_peer_gone() once; its messages come in order, and may come after it
// has left; the queue to a peer is bounded in messages and bytes, and that to all of them in bytes.
class Network {
 public:
  struct Options {
    std::string name;
    std::size_t message_bytes_max = 0;     // Of what the service sends.
    std::size_t pipe_messages_max = 0;     // That libzmq and the kernel take for one peer.
    std::size_t backlog_messages_max = 0;  // Behind a full pipe.
    std::size_t backlog_bytes_max = 0;
    std::size_t backlog_total_max = 0;
    std::size_t peers_max = 0;
    // As RouterEndpoint::Options: whether a message is handled whose connection has ended.
    bool handles_last_messages = false;
  };

  Network(Options options, Chance& chance, Trace& trace)
      : options_(std::move(options)), chance_(chance), trace_(trace) {}

  // --- The actors' side ---

  [[nodiscard]] LinkId connect();
  // Nothing happens if the link has ended.
  void send(LinkId link, std::string frame);
  void send_frames(LinkId link, std::size_t frames);  // One message of several frames.
  // What is under way to the service may arrive, or a part of it.
  void leave(LinkId link);
  // The next frame from the service; nullopt if there is none.
  [[nodiscard]] std::optional<std::string> receive(LinkId link);
  [[nodiscard]] bool has_frame(LinkId link) const;
  [[nodiscard]] bool is_open(LinkId link) const;

  // --- The service's side ---

  [[nodiscard]] Result<void> send(PeerId peer, std::string frame);
  void send_end(PeerId peer);
  void cut(PeerId peer);
  [[nodiscard]] bool is_connected(PeerId peer) const { return peers_.contains(peer); }
  [[nodiscard]] std::size_t peers() const { return peers_.size(); }
  // Bytes that wait for peers here, which the limits bound.
  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }

  // --- The world's side: one thing that happens, now ---

  // Whether a message, or the end of a connection, can be handed to the service.
  [[nodiscard]] bool has_message() const;
  [[nodiscard]] bool has_end() const;
  // Hands over some messages of one connection, and then flushes.
  void deliver(ServiceEnd& service);
  void report_end(ServiceEnd& service);
  // The service has died, with everything that it held.
  void lose_all();

 private:
  struct Message {
    std::string frame;
    std::size_t frames = 1;
  };
  struct Link {
    std::deque<Message> to_service;
    std::deque<std::string> pipe;     // From the service; the actor has not read them yet.
    std::deque<std::string> backlog;  // Behind it.
    std::size_t backlog_bytes = 0;
    PeerId peer;           // 0: none yet, or gone.
    bool is_open = true;   // For its actor.
    bool is_over = false;  // The service knows that it has ended.
    bool is_cut = false;
    bool is_refused = false;
  };

  using At = std::map<LinkId, Link>::iterator;

  void meet(LinkId id, Link& link);
  void hand_over(ServiceEnd& service, LinkId id, const Message& message);
  void forget(ServiceEnd& service, Link& link);
  void flush(ServiceEnd& service);
  void fill_pipe(Link& link);
  void drop_backlog(Link& link);
  void make_room_in_total(std::size_t bytes);
  void remove_if_done(LinkId id);
  [[nodiscard]] Link* find(LinkId id);
  [[nodiscard]] std::string text(PeerId peer) const;

  const Options options_;
  Chance& chance_;
  Trace& trace_;
  std::map<LinkId, Link> links_;
  std::map<PeerId, LinkId> peers_;
  std::vector<PeerId> found_gone_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t last_link_ = 0;
  std::uint64_t last_peer_ = 0;
};

}  // namespace ccbus::simulation
