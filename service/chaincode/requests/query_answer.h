#pragma once

#include <cstdint>
#include <string>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// What range, history and rich queries have in common at their two ends.

// How a request wants its results.
struct Paging {
  bool paginated = false;       // One page and a bookmark; else batches.
  std::uint32_t page_size = 0;  // 0: no cap.
  std::string bookmark;
};

// Reads the metadata of a request, an encoded protos.QueryMetadata, perhaps of no bytes.
// Errors: kInvalid for what is none, and for a negative page size.
[[nodiscard]] Result<Paging> decode_paging(const std::string& metadata);

// Encodes a response as the reply, or passes its error on.
[[nodiscard]] Result<void> answer(Result<protos::QueryResponse> response, std::string& reply);

}  // namespace ccbus::chaincode
