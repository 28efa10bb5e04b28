#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/handler.h"

namespace ccbus::chaincode {

// The handlers of all connected chaincodes, by connection and by their own number. Bus thread only.
class Streams {
 public:
  explicit Streams(Environment& environment) : environment_(environment) {}

  // A handler for a connection that has none (asserted).
  Handler& add(Now now, PeerId peer);

  // Null if there is none that runs.
  [[nodiscard]] Handler* find(PeerId peer) const;
  [[nodiscard]] Handler* find(HandlerId handler) const;

  // Unregisters a handler that has ended. It is destroyed by drop_retired(), since one of its own
  // callbacks may be on the stack.
  void retire(const Handler& ended);
  void drop_retired() { retired_.clear(); }

  // Any one, or null if there is none.
  [[nodiscard]] Handler* any() const;

  // Calls visit(handler) for each until it returns true; whether it did.
  template <class Visit>
  bool any_of(Visit&& visit) const {
    for (const auto& [id, handler] : by_id_) {
      if (visit(*handler)) return true;
    }
    return false;
  }

 private:
  Environment& environment_;
  std::unordered_map<PeerId, std::unique_ptr<Handler>> by_peer_;
  std::unordered_map<HandlerId, Handler*> by_id_;
  std::vector<std::unique_ptr<Handler>> retired_;
  HandlerId last_id_;
};

}  // namespace ccbus::chaincode
