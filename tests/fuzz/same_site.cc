// Any headers of an HTTP request give a decision, and a refusal is printable and short.

#include "service/operations/same_site.h"

#include <cstdint>
#include <string>

#include "service/base/assert.h"
#include "service/base/printable.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ccbus::operations::SameSite site("127.0.0.1", {"ccbus.example"});
  ccbus::fuzz::Input input(data, size);
  ccbus::operations::HttpRequest request;
  request.method = "PUT";
  request.local_address = input.below(2) == 0 ? "127.0.0.1" : std::string(input.text());
  for (std::size_t left = input.below(3); left > 0; --left) {
    request.hosts.emplace_back(input.text());
  }
  while (!input.empty()) request.origins.emplace_back(input.text());
  const auto refusal = site.why_foreign(request);
  if (refusal) {
    CCBUS_ASSERT(ccbus::printable_prefix(*refusal) == refusal->size());
    CCBUS_ASSERT(refusal->size() < 1000);
  }
  return 0;
}
