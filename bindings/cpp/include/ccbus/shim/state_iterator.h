#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ccbus/shim/peer.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

struct KeyValue {
  std::string key;
  std::string value;
};

// The results of one query, in key order, fetched from the peer a batch at a time:
//
//   auto assets = stub.get_state_by_range("", "");
//   while (const auto asset = assets.next()) total += asset->value.size();
//
// Thread:   the transaction's.
// Lifetime: within the call of the chaincode that made it. The destructor closes.
class StateIterator {
 public:
  StateIterator(Peer& peer, protos::QueryResponse first_batch);
  StateIterator(StateIterator&& other) noexcept;
  StateIterator& operator=(StateIterator&&) = delete;
  ~StateIterator();

  // The next result; empty after the last one and after close().
  //
  // Blocks: one round trip for each batch of the peer's (100 results).
  // Errors: Error, also where the peer breaks the protocol.
  [[nodiscard]] std::optional<KeyValue> next();

  // Tells the peer that it can forget the query. Once; later calls do nothing.
  //
  // Blocks: one round trip. Errors: Error.
  void close();

 private:
  void fetch();

  Peer* peer_;  // Null: closed or moved from.
  protos::QueryResponse batch_;
  int position_ = 0;  // In batch_.
};

// One page of a query, and how to ask for the following one.
struct StatePage {
  StateIterator results;
  std::int32_t fetched_records_count = 0;
  std::string bookmark;  // Empty after the last page.
};

}  // namespace ccbus::shim
