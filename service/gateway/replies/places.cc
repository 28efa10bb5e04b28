#include "service/gateway/replies/places.h"

#include <cstddef>

#include "service/base/shares.h"

namespace ccbus::gateway {
namespace {

constexpr const char* kWorkingKey = "peer.limits.concurrency.gatewayService";
constexpr const char* kWaitingKey = "limits.gatewayWaiting";

// One chaincode may have twice as much as is free, which is two thirds of all, so that one client
// with its half does not take all of it.
constexpr std::size_t kChaincodeWeight = 2;

unexpected<Error> too_many(const std::string& who, std::size_t held, const char* what,
                           std::size_t free, const char* key) {
  return fail(ErrorCode::kExhausted, who + " has " + std::to_string(held) + " requests " + what +
                                         ", and only " + std::to_string(free) +
                                         " places are free (" + key + ")");
}

}  // namespace

Result<Places::Place> Places::take(PeerId client, Kind kind, const std::string& chaincode) {
  if (auto allowed = check(client, kind, chaincode); !allowed) return unexpected(allowed.error());
  Chaincodes::Entry* of_chaincode = nullptr;
  if (!chaincode.empty()) of_chaincode = &chaincodes_.at(chaincode);
  Clients::Entry* of_client = nullptr;
  try {
    of_client = &clients_.at(client);
  } catch (...) {
    if (of_chaincode != nullptr && of_chaincode->second == 0) chaincodes_.erase(*of_chaincode);
    throw;
  }
  if (of_chaincode != nullptr) ++of_chaincode->second;
  if (kind == Kind::kWorking) {
    ++of_client->second.working;
    ++working_;
  } else {
    ++of_client->second.waiting;
    ++waiting_;
  }
  return Place(*this, *of_client, of_chaincode, kind);
}

Result<void> Places::check(PeerId client, Kind kind, const std::string& chaincode) const {
  const Clients::Entry* held = clients_.find(client);
  if (kind == Kind::kWaiting) return check_waiting(held == nullptr ? 0 : held->second.waiting);
  if (working_ >= limits_.working) {
    return fail(ErrorCode::kExhausted,
                "too many requests for /gateway.Gateway, exceeding concurrency limit (" +
                    std::to_string(limits_.working) + ")");
  }
  const std::size_t free = limits_.working - working_;
  if (held != nullptr && !may_take_more(held->second.working, free)) {
    return too_many("the client", held->second.working, "open", free, kWorkingKey);
  }
  const Chaincodes::Entry* running = chaincode.empty() ? nullptr : chaincodes_.find(chaincode);
  if (running != nullptr && !may_take_more(running->second, free, kChaincodeWeight)) {
    return too_many("chaincode " + chaincode, running->second, "open", free, kWorkingKey);
  }
  return {};
}

Result<void> Places::check_waiting(std::size_t held) const {
  if (waiting_ >= limits_.waiting) {
    return fail(ErrorCode::kExhausted, std::to_string(waiting_) +
                                           " requests for events and statuses wait, which is "
                                           "the limit (" +
                                           kWaitingKey + ")");
  }
  const std::size_t free = limits_.waiting - waiting_;
  if (may_take_more(held, free)) return {};
  return too_many("the client", held, "for events and statuses that wait", free, kWaitingKey);
}

Result<Places::Share> Places::share(const std::string& creator, Kind kind) {
  const bool works = kind == Kind::kWorking;
  const std::size_t free = works ? limits_.working - working_ : limits_.waiting - waiting_;
  const Creators::Entry* known = creators_.find(creator);
  const std::size_t held = known == nullptr ? 0
                           : works          ? known->second.working
                                            : known->second.waiting;
  // Its place is taken already: with the last one that is free a newcomer is not refused.
  if (held > 0 && !may_take_more(held, free)) {
    return works ? too_many("the creator", held, "open", free, kWorkingKey)
                 : too_many("the creator", held, "for events and statuses that wait", free,
                            kWaitingKey);
  }
  Creators::Entry& entry = creators_.at(creator);
  ++(works ? entry.second.working : entry.second.waiting);
  // If it throws, it calls the deleter.
  return Share(nullptr, [this, &entry, kind](std::nullptr_t) { give_back(entry, kind); });
}

void Places::give_back(Creators::Entry& creator, Kind kind) noexcept {
  --(kind == Kind::kWorking ? creator.second.working : creator.second.waiting);
  if (creator.second.working + creator.second.waiting == 0) creators_.erase(creator);
}

void Places::on_client_gone(PeerId client) {
  if (Clients::Entry* held = clients_.find(client)) held->second.has_left = true;
}

void Places::Place::give_back() noexcept {
  Client& client = client_->second;
  if (kind_ == Kind::kWorking) {
    --client.working;
    --places_->working_;
  } else {
    --client.waiting;
    --places_->waiting_;
  }
  if (client.working + client.waiting == 0) places_->clients_.erase(*client_);
  if (chaincode_ != nullptr && --chaincode_->second == 0) places_->chaincodes_.erase(*chaincode_);
}

}  // namespace ccbus::gateway
