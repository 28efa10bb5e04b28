#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/handler.h"

namespace ccbus::chaincode {

// The handlers of all connected chaincodes, by connection and by id. Bus thread only.
class Streams {
 public:
  explicit Streams(Environment& environment) : environment_(environment) {}

  // Makes a handler for a connection, which must not have one yet (asserted). If it throws, nothing
  // is changed.
  Handler& add(Now now, PeerId peer);

  // Return null if there is no such handler, or if it was retired.
  [[nodiscard]] Handler* find(PeerId peer) const;
  [[nodiscard]] Handler* find(HandlerId handler) const;

  // Unregisters a handler that has ended. It is destroyed by drop_retired(), since one of its own
  // callbacks may be on the stack.
  void retire(const Handler& ended) noexcept;
  void drop_retired() { retired_.clear(); }

  // Returns some handler; null if there is none.
  [[nodiscard]] Handler* any() const;

  // Ends a transaction that nobody waits for, by Handler::abandon(). `given` is the handler that
  // was given it; another one may have taken it over.
  std::unique_ptr<ledger::TxSimulator> abandon(HandlerId given, std::string_view channel,
                                               std::string_view tx, std::string_view ns) noexcept;

  // Calls visit(handler) for one handler after the other until it returns true. Returns whether it
  // did.
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
