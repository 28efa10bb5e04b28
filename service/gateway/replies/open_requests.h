#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "ccbus/client.pb.h"
#include "service/base/cancellation.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/gateway/replies/client_outbox.h"

namespace ccbus::gateway {

// The requests that are not answered yet, by client and correlation id, so that one of them can be
// ended early: its client cancels it, or the time that the client waits has passed. Bus thread.
class OpenRequests {
 public:
  // What a request that is ended early has done, for the text of its answer.
  enum class Effect : std::uint8_t {
    kNone,        // It only reads.
    kNotOrdered,  // A transaction that is not ordered yet, and then never is.
    kCarriedOut,  // A change that goes on without it.
  };

  // What to do when a request is ended early; set by the part that works on it.
  struct Ending {
    // Called after the request was ended early and answered. It may destroy the PendingRequest.
    std::function<void()> drop = {};
    // The answer as far as it is known: of a transaction that is ordered. Null: nothing of it.
    const ccbus::ClientResponse* so_far = nullptr;
  };

 private:
  // Of several requests with the same id the oldest comes first.
  struct Key {
    PeerId client;
    std::uint64_t correlation_id = 0;
    std::uint64_t serial = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Request;
  using Map = std::map<Key, Request>;
  using Deadlines = chaincode::DeadlineQueue<Request*>;

  struct Request {
    Map::iterator self = {};
    std::optional<Deadlines::Ticket> deadline = {};
    std::uint32_t timeout_ms = 0;
    Ending ending = {};
    CancellationSource work = {};
    std::uint64_t height = 0;  // What its channel had at least when it was taken; 0: not asked for.
    Effect effect = Effect::kNone;
    bool has_ended = false;         // Early, and was answered.
    bool goes_with_client = false;  // Its work is not begun once its client has left.
  };

 public:
  // A request, for who does not hold its entry, which outlives this.
  class Reference {
   public:
    [[nodiscard]] PeerId client() const { return request_->self->first.client; }
    [[nodiscard]] bool has_ended() const { return request_->has_ended; }
    [[nodiscard]] CancellationToken ended() { return request_->work.token(); }
    void on_end(Ending ending) { request_->ending = std::move(ending); }

   private:
    friend class OpenRequests;
    explicit Reference(Request& request) : request_(&request) {}

    Request* request_;
  };

  // One entry of the table, which is removed when this is destroyed.
  class Entry {
   public:
    Entry(Entry&& other) noexcept
        : requests_(std::exchange(other.requests_, nullptr)), request_(other.request_) {}
    Entry& operator=(Entry&&) = delete;
    ~Entry() {
      if (requests_ != nullptr) requests_->remove(*request_);
    }

    [[nodiscard]] ReplyAddress address() const {
      const Key& key = request_->self->first;
      return {key.client, key.correlation_id};
    }
    [[nodiscard]] bool has_ended() const { return request_->has_ended; }
    void set_effect(Effect effect) { request_->effect = effect; }

    // How many blocks its channel has at least, for answers that know of no other height.
    void set_height(std::uint64_t height) { request_->height = height; }
    [[nodiscard]] std::uint64_t height() const { return request_->height; }

    void on_end(Ending ending) { request_->ending = std::move(ending); }

    [[nodiscard]] Reference reference() { return Reference(*request_); }

    // Is cancelled when the request ends early.
    [[nodiscard]] CancellationToken ended() { return request_->work.token(); }
    // The same, and when its client leaves.
    [[nodiscard]] CancellationToken ended_or_left() {
      request_->goes_with_client = true;
      return ended();
    }

    // Ends it early at `deadline`, `timeout_ms` after it came.
    void set_deadline(SteadyTime deadline, std::uint32_t timeout_ms) {
      request_->deadline = requests_->deadlines_.add(deadline, request_);
      request_->timeout_ms = timeout_ms;
    }

   private:
    friend class OpenRequests;
    Entry(OpenRequests& requests, Request& request) : requests_(&requests), request_(&request) {}

    OpenRequests* requests_;  // Null if it was moved from.
    Request* request_;
  };

  // What has to be told to the client of a request that was ended early.
  struct Ended {
    ReplyAddress address;
    std::uint32_t timeout_ms = 0;
    Effect effect = Effect::kNone;
    std::uint64_t height = 0;
    const ccbus::ClientResponse* so_far = nullptr;
    std::function<void()> drop;  // May be null; to be called after the answer.
  };

  [[nodiscard]] Entry add(ReplyAddress address);

  // Ends the oldest open request of the client with this id. Returns nullopt if the client has no
  // open request with it.
  [[nodiscard]] std::optional<Ended> end(ReplyAddress address);

  // Ends a request whose deadline has passed. Returns nullopt if no deadline has.
  [[nodiscard]] std::optional<Ended> end_expired(SteadyTime now);

  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadlines_.next(); }

  // Cancels the work that goes with the client.
  void on_client_gone(PeerId client) noexcept;

 private:
  Ended end(Request& request);
  void remove(Request& request) noexcept;

  Map open_;
  Map ended_;             // Early; what was begun for them is not over.
  Map::node_type spare_;  // Of the request that was removed last: the next one allocates nothing.
  Deadlines deadlines_;
  std::uint64_t last_serial_ = 0;
};

}  // namespace ccbus::gateway
