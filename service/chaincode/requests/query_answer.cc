#include "service/chaincode/requests/query_answer.h"

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

Result<Paging> decode_paging(const std::string& bytes) {
  protos::QueryMetadata metadata;
  if (auto decoded = decode(bytes, metadata); !decoded) return unexpected(decoded.error());
  if (metadata.pagesize() < 0) {
    return fail(ErrorCode::kInvalid, "page size " + std::to_string(metadata.pagesize()) +
                                         " is negative: 0 (no cap) is the least");
  }
  return Paging{metadata.pagesize() != 0 || !metadata.bookmark().empty(),
                static_cast<std::uint32_t>(metadata.pagesize()), metadata.bookmark()};
}

Result<void> answer(Result<protos::QueryResponse> response, std::string& reply) {
  if (!response) return unexpected(response.error());
  response->SerializeToString(&reply);
  return {};
}

}  // namespace ccbus::chaincode
