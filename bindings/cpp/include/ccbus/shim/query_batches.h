#pragma once

#include <optional>
#include <string>

#include "ccbus/shim/peer.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The encoded results of one query, fetched from the peer a batch at a time. The iterators decode
// them.
//
// Thread:   the transaction's.
// Lifetime: within the call of the chaincode that made it. The destructor closes.
class QueryBatches {
 public:
  QueryBatches(Peer& peer, protos::QueryResponse first_batch);
  QueryBatches(QueryBatches&& other) noexcept;
  QueryBatches& operator=(QueryBatches&&) = delete;
  ~QueryBatches();

  // The next result; empty after the last one and after close().
  //
  // Blocks: one round trip for each batch of the peer's (100 results).
  // Errors: Error, also where the peer breaks the protocol.
  [[nodiscard]] std::optional<std::string> next();

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

}  // namespace ccbus::shim
