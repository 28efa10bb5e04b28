#pragma once

#include <string>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/events/commit_statuses.h"
#include "service/gateway/events/events.h"
#include "service/gateway/events/open_seeks.h"
#include "service/gateway/events/seek.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Requests for a status, for events or for blocks that a client has signed: a worker checks that a
// Reader of the channel has, and then they are requests like any other. Bus thread only.
//
// Statuses before that, with Fabric's texts:
//   INVALID_ARGUMENT    what is signed cannot be read or is not whole; or a field is set beside it
//                       that stands in it; or, of blocks, its time is too far from now
//   PERMISSION_DENIED   no such channel; the signer is no Reader, or the signature does not hold
//   NOT_FOUND           of blocks: no such channel; or the block is not there yet, and the request
//                       does not want to wait
//   FAILED_PRECONDITION the channel has no configuration
//
// Source: Fabric's internal/pkg/gateway/commitstatus.go and chaincodeevents.go, and
// common/deliver/deliver.go.
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
  void ask(Now now, PendingRequest pending, const ccbus::BlockEventsRequest& request);

  void on_client_gone(PeerId client) noexcept { open_seeks_.on_client_gone(client); }

 private:
  // What a client has signed, and about which channel.
  struct Question {
    std::string channel;
    std::string identity;
    std::string bytes;
    std::string signature;
  };

  void refuse(PendingRequest pending, ccbus::StatusCode code, std::string_view why);
  // Calls `then(now, pending)` once the signature is known to be a Reader's.
  template <class Signed, class Given, class Then>
  void check(Now now, PendingRequest pending, const Signed& signed_request, const Given& given,
             Then then);
  template <class Then>
  void check_of(Now now, PendingRequest pending, const Channels::const_iterator& channel,
                Question question, Then then);
  void begin(Now now, PendingRequest pending, ccbus::ChaincodeEventsRequest request,
             const ::gateway::ChaincodeEventsRequest& given);
  void begin(Now now, PendingRequest pending, ccbus::BlockEventsRequest request, const Seek& seek);

  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  CommitStatuses& statuses_;
  Events& events_;
  OpenSeeks open_seeks_;
};

}  // namespace ccbus::gateway
