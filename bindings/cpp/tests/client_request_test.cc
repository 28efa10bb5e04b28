#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "ccbus/client.pb.h"
#include "fabric/common/policies.pb.h"

namespace ccbus::client {
namespace {

constexpr int kTooDeep = 100;  // What recurses without end reaches it.

// Returns the number of messages within each other, at most kTooDeep. The rules of a policy count
// once: the service takes 32 levels of them.
int nesting(const google::protobuf::Descriptor& type, int above = 0) {
  int deepest = above + 1;
  for (int i = 0; i < type.field_count() && deepest < kTooDeep; ++i) {
    const auto* const part = type.field(i)->message_type();
    if (part == &type || part == common::SignaturePolicy::NOutOf::descriptor()) continue;
    if (part != nullptr) deepest = std::max(deepest, nesting(*part, above + 1));
  }
  return deepest;
}

}  // namespace

TEST_CASE("the messages of a client request nest to a fixed depth") {
  // Code that walks through all fields of a request recurses that deep.
  CHECK(nesting(*ClientRequest::descriptor()) == 7);
}

}  // namespace ccbus::client
