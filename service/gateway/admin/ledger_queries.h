#pragma once

#include <cstdint>

#include "ccbus/client.pb.h"
#include "service/base/job.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Questions about the ledgers, answered by workers. Bus thread only.
class LedgerQueries {
 public:
  // The references outlive it. Jobs it has submitted finish before it goes, or never.
  LedgerQueries(const Channels& channels, Background& background, Replies& replies,
                std::uint32_t page_max)
      : channels_(channels), background_(background), replies_(replies), page_max_(page_max) {}

  // Statuses: NOT_FOUND no such channel; RESOURCE_EXHAUSTED too many jobs wait for a worker; those
  //           of answer_ledger_request().
  void ask(PendingRequest pending, const ccbus::LedgerRequest& request);

 private:
  const Channels& channels_;
  Background& background_;
  Replies& replies_;
  const std::uint32_t page_max_;
};

}  // namespace ccbus::gateway
