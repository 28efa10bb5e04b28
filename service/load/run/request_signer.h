#pragma once

#include <optional>

#include "ccbus/client.pb.h"
#include "ccbus/client/identity.h"

namespace ccbus::load {

// Signs the requests of a load, as a client library does: the load is then one of a member of an
// organisation, and the service signs endorsements alone.
//
// Thread: any.
class RequestSigner {
 public:
  explicit RequestSigner(client::Identity identity) : identity_(std::move(identity)) {}

  // Signs an evaluate. A submit becomes an endorse, to be followed by submit_of() its answer. Other
  // requests stay as they are. The correlation id is kept.
  void sign(ClientRequest& request) const;

  // The submit of what was endorsed, signed, with the same correlation id; nullopt if the response
  // is another one, or a refusal.
  [[nodiscard]] std::optional<ClientRequest> submit_of(const ClientResponse& response) const;

 private:
  [[nodiscard]] protos::SignedProposal propose(const Invocation& invocation) const;

  client::Identity identity_;
};

}  // namespace ccbus::load
