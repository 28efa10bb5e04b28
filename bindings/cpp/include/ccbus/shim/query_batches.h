#pragma once

#include <optional>
#include <string>

#include "ccbus/shim/peer.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The encoded results of one query, which are fetched from the peer batch by batch. The iterators
// decode them.
//
// Thread:   the transaction's.
// Lifetime: within the call of the chaincode that made it. The destructor closes the query.
class QueryBatches {
 public:
  QueryBatches(Peer& peer, protos::QueryResponse first_batch);
  QueryBatches(QueryBatches&& other) noexcept;
  QueryBatches& operator=(QueryBatches&&) = delete;
  ~QueryBatches();

  // Returns the next result; nullopt after the last one and after close().
  //
  // Blocks: one round trip for each batch (100 results).
  // Errors: Error, also if the peer violates the protocol.
  [[nodiscard]] std::optional<std::string> next();

  // Tells the peer that the query is no longer needed. Further calls do nothing.
  //
  // Blocks: one round trip. Errors: Error.
  void close();

 private:
  void fetch();

  Peer* peer_;  // nullptr: closed or moved from.
  protos::QueryResponse batch_;
  int position_ = 0;  // In batch_.
};

}  // namespace ccbus::shim
