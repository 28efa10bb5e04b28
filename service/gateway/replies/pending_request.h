#pragma once

#include <utility>

#include "service/base/job.h"
#include "service/gateway/replies/client_outbox.h"
#include "service/gateway/replies/places.h"

namespace ccbus::gateway {

class Replies;

// A request that was taken: the right and the duty to answer it once. Replies::reply() consumes it.
// If it is destroyed unanswered, which only an exception or a bug can bring about, the client gets
// INTERNAL; so no way through the code leaves a request without an answer. It holds the places that
// the request occupies. Bus thread.
class PendingRequest {
 public:
  // `replies` outlives it.
  PendingRequest(Replies& replies, ReplyAddress address, Places::Place place) noexcept
      : replies_(&replies), address_(address), place_(std::move(place)) {}
  PendingRequest(PendingRequest&& other) noexcept
      : replies_(std::exchange(other.replies_, nullptr)),
        address_(other.address_),
        place_(std::move(other.place_)) {}
  PendingRequest& operator=(PendingRequest&&) = delete;
  ~PendingRequest() {
    if (replies_ != nullptr) abandon();
  }

  [[nodiscard]] PeerId client() const { return address_.client; }

  // What goes with work that is done for this request only: it is not begun once its client has
  // left.
  [[nodiscard]] WorkLabel label() {
    return {{WorkOwner::Kind::kClient, address_.client.value}, place_.client_gone()};
  }

  // Whether its client has left; then nobody waits for the answer.
  [[nodiscard]] bool has_client_left() const { return place_.has_client_left(); }

  // Ends the request without an answer, since its client has left.
  void forget() noexcept { replies_ = nullptr; }

 private:
  friend class Replies;
  void abandon() noexcept;

  Replies* replies_;  // Null if it was answered, forgotten or moved from.
  ReplyAddress address_;
  Places::Place place_;
};

}  // namespace ccbus::gateway
