#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/ids.h"
#include "service/base/recycled_map.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// What the open requests occupy. A request that works and one that waits for something that is yet
// to happen take places of different limits, so that waiting refuses no work. The places of each
// limit are shared between the clients, those of requests that work also between the chaincodes
// that they run, by the rule of may_take_more(). A client is one connection; who has signed the
// requests of many connections has one share of them besides. Bus thread.
class Places {
 public:
  struct Limits {
    std::size_t working = 20'000;
    std::size_t waiting = 60'000;
  };
  enum class Kind : std::uint8_t { kWorking, kWaiting };

  class Place;

  explicit Places(const Limits& limits) : limits_(limits) {}

  // Takes a place for a request. `chaincode` is the name of the one that it runs, or empty.
  // Errors: kExhausted a limit or a share is reached; the text says which.
  [[nodiscard]] Result<Place> take(PeerId client, Kind kind, const std::string& chaincode);

  // What a creator has of the places, as long as it is kept. This object outlives it.
  using Share = std::shared_ptr<void>;

  // Counts a request, whose place was taken before, to its creator. To be called when its signature
  // was checked: nobody uses up the share of another by giving its name. `creator` tells the
  // identities apart.
  // Errors: kExhausted the creator's share is reached.
  [[nodiscard]] Result<Share> share(const std::string& creator, Kind kind);

  void on_client_gone(PeerId client);

  [[nodiscard]] std::size_t taken() const { return working_ + waiting_; }

 private:
  // What one client has open.
  struct Client {
    std::size_t working = 0;
    std::size_t waiting = 0;
    bool has_left = false;
  };
  using Clients = RecycledMap<PeerId, Client>;
  using Chaincodes = RecycledMap<std::string, std::size_t>;
  // What one creator has open, over all connections.
  struct Creator {
    std::size_t working = 0;
    std::size_t waiting = 0;
  };
  using Creators = RecycledMap<std::string, Creator>;

  void give_back(Creators::Entry& creator, Kind kind) noexcept;
  [[nodiscard]] Result<void> check(PeerId client, Kind kind, const std::string& chaincode) const;
  [[nodiscard]] Result<void> check_waiting(std::size_t held) const;

  const Limits limits_;
  Clients clients_;
  Chaincodes chaincodes_;
  Creators creators_;
  std::size_t working_ = 0;
  std::size_t waiting_ = 0;
};

// The place of one request. It is given back when this is destroyed.
class Places::Place {
 public:
  Place(Place&& other) noexcept
      : places_(std::exchange(other.places_, nullptr)),
        client_(other.client_),
        chaincode_(other.chaincode_),
        kind_(other.kind_) {}
  Place& operator=(Place&& other) noexcept {
    std::swap(places_, other.places_);
    std::swap(client_, other.client_);
    std::swap(chaincode_, other.chaincode_);
    std::swap(kind_, other.kind_);
    return *this;
  }
  ~Place() {
    if (places_ != nullptr) give_back();
  }

  [[nodiscard]] bool has_client_left() const { return client_->second.has_left; }

 private:
  friend class Places;
  Place(Places& places, Clients::Entry& client, Chaincodes::Entry* chaincode, Kind kind)
      : places_(&places), client_(&client), chaincode_(chaincode), kind_(kind) {}

  void give_back() noexcept;

  Places* places_;  // Null if it was moved from.
  Clients::Entry* client_;
  Chaincodes::Entry* chaincode_;  // Null if the request runs none.
  Kind kind_;
};

}  // namespace ccbus::gateway
