#pragma once

#include <utility>

#include "service/base/job.h"
#include "service/gateway/replies/open_requests.h"
#include "service/gateway/replies/places.h"

namespace ccbus::gateway {

class Replies;

// A request that was taken: the right and the duty to answer it once. Replies::reply() consumes it.
// If it is destroyed unanswered, which only an exception or a bug can bring about, the client gets
// INTERNAL; so no way through the code leaves a request without an answer. It holds the places that
// the request occupies. Bus thread.
//
// Its client may end it early, and so may the time that the client waits. Then it was answered:
// what is replied afterwards goes nowhere, and nothing more has to be done for it.
class PendingRequest {
 public:
  // `replies` outlives it.
  PendingRequest(Replies& replies, OpenRequests::Entry entry, Places::Place place) noexcept
      : replies_(&replies), entry_(std::move(entry)), place_(std::move(place)) {}
  PendingRequest(PendingRequest&& other) noexcept
      : replies_(std::exchange(other.replies_, nullptr)),
        entry_(std::move(other.entry_)),
        place_(std::move(other.place_)),
        share_(std::move(other.share_)) {}
  PendingRequest& operator=(PendingRequest&&) = delete;
  ~PendingRequest() {
    if (replies_ != nullptr) abandon();
  }

  [[nodiscard]] PeerId client() const { return entry_.address().client; }
  [[nodiscard]] WorkOwner owner() const { return {WorkOwner::Kind::kClient, client().value}; }

  // What goes with work that is done for this request only: it is not begun once the request has
  // ended early, or its client has left.
  [[nodiscard]] WorkLabel label() { return {owner(), entry_.ended_or_left()}; }

  // The same for work that is carried out although its client has left.
  [[nodiscard]] WorkLabel label_of_change() { return {owner(), entry_.ended()}; }

  // Whether it was ended early; then it was answered.
  [[nodiscard]] bool has_ended() const { return entry_.has_ended(); }

  // Whether nobody waits for the answer: it has ended early, or its client has left.
  [[nodiscard]] bool is_over() const { return has_ended() || place_.has_client_left(); }

  // Keeps what its creator has of the places until the request is over.
  void keep(Places::Share share) { share_ = std::move(share); }

  // What happens if it ends early; for who works on it, until it is passed on.
  void on_end(OpenRequests::Ending ending) { entry_.on_end(std::move(ending)); }
  void set_effect(OpenRequests::Effect effect) { entry_.set_effect(effect); }

  // Every answer to it has at least this height, if that was asked for: a client that is answered
  // with less knows that the channel has begun anew.
  void set_height(std::uint64_t height) { entry_.set_height(height); }

  // For who does not hold it. Valid as long as the request, wherever it is moved.
  [[nodiscard]] OpenRequests::Reference reference() { return entry_.reference(); }

  // Ends the request without an answer, since its client has left.
  void forget() noexcept { replies_ = nullptr; }

 private:
  friend class Replies;
  void abandon() noexcept;

  Replies* replies_;  // Null if it was answered, forgotten or moved from.
  OpenRequests::Entry entry_;
  Places::Place place_;
  Places::Share share_;  // Null: nobody has signed it, or that is not known yet.
};

}  // namespace ccbus::gateway
