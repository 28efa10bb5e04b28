#pragma once

#include <string>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/commit_statuses.h"
#include "service/gateway/events/events.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Requests for a status or for events that a client has signed: a worker checks that a Reader of
// the channel has, and then they are requests like any other. Bus thread only.
//
// Statuses before that, with Fabric's texts:
//   INVALID_ARGUMENT    what is signed cannot be read or is not whole; or a field is set beside it
//                       that stands in it
//   PERMISSION_DENIED   no such channel; the signer is no Reader, or the signature does not hold
//   FAILED_PRECONDITION the channel has no configuration
//
// Source: Fabric's internal/pkg/gateway/commitstatus.go and chaincodeevents.go.
class SignedQuestions {
 public:
  // The references outlive it, and it outlives the jobs that it has submitted.
  SignedQuestions(const Channels& channels, Background& background, Replies& replies,
                  CommitStatuses& statuses, Events& events)
      : channels_(channels),
        background_(background),
        replies_(replies),
        statuses_(statuses),
        events_(events) {}

  void ask(Now now, PendingRequest pending, const ccbus::CommitStatusRequest& request);
  void ask(Now now, PendingRequest pending, const ccbus::ChaincodeEventsRequest& request);

 private:
  void refuse(PendingRequest pending, ccbus::StatusCode code, std::string_view why);
  // Calls `then(now, pending)` once the signature is known to be a Reader's.
  template <class Signed, class Given, class Then>
  void check(Now now, PendingRequest pending, const Signed& signed_request, const Given& given,
             Then then);
  void begin(Now now, PendingRequest pending, ccbus::ChaincodeEventsRequest request,
             const ::gateway::ChaincodeEventsRequest& given);

  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  CommitStatuses& statuses_;
  Events& events_;
};

}  // namespace ccbus::gateway
