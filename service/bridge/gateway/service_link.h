#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/move_only_function.h"
#include "service/bridge/calls/dealer.h"

namespace ccbus::bridge {

// The requests of one gRPC connection to the service, over a connection of its own: so the service
// shares its places between the bridge's clients as between its own.
class ServiceLink final : private DealerUser {
 public:
  // Called once, unless the request is given up. Status UNAVAILABLE if the connection is lost.
  using Answer = MoveOnlyFunction<void(Now, ccbus::ClientResponse)>;

  ServiceLink(Now now, DealerSource& service) : dealer_(service.open(now, *this)) {}

  // Sends a request, and returns its number; the answer never comes before this has returned.
  std::uint64_t ask(ccbus::ClientRequest request, Answer answer);

  // Ends a request of which nobody wants the answer any more.
  void give_up(std::uint64_t request);

  [[nodiscard]] bool is_lost() const { return is_lost_; }
  // The requests that it has been asked so far, and those of them that are open.
  [[nodiscard]] std::uint64_t asked() const { return numbers_; }
  [[nodiscard]] std::size_t open() const { return open_.size(); }

 private:
  void on_frame(Now now, std::string frame) override;
  void on_sent(Now) override {}
  void on_lost(Now now, const std::string& why) override;

  std::unique_ptr<Dealer> dealer_;
  std::uint64_t numbers_ = 0;
  std::unordered_map<std::uint64_t, Answer> open_;  // By correlation id.
  bool is_lost_ = false;
};

}  // namespace ccbus::bridge
