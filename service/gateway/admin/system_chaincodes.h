#pragma once

#include <string>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// Fabric's system chaincodes, by name: qscc is answered from the ledger, and the others are refused
// with what does their work here. No process can take these names. Bus thread only.
class SystemChaincodes {
 public:
  // The references outlive it, and it outlives the jobs that it has submitted.
  SystemChaincodes(const Channels& channels, Background& background, Replies& replies,
                   const EndorserName& endorser)
      : channels_(channels), background_(background), replies_(replies), endorser_(endorser) {}

  // Whether a chaincode of this name is one of them.
  [[nodiscard]] static bool has(std::string_view chaincode);

  // Answers a call of qscc; a worker reads the ledger. Who has signed the proposal is a Reader of
  // the channel; otherwise the client's key has said what it may read.
  // Statuses: UNIMPLEMENTED another one than qscc; those of an Evaluate.
  void evaluate(Now now, PendingRequest pending, const ccbus::EvaluateRequest& request,
                std::string_view chaincode);

  // Refuses to order anything in the name of one of them: UNIMPLEMENTED.
  void refuse_order(PendingRequest pending, std::string_view chaincode);

 private:
  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  const EndorserName& endorser_;
};

}  // namespace ccbus::gateway
