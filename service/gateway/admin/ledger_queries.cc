#include "service/gateway/admin/ledger_queries.h"

#include <memory>
#include <utility>

#include "service/gateway/admin/ledger_answers.h"

namespace ccbus::gateway {

void LedgerQueries::ask(ReplyAddress address, const ccbus::LedgerRequest& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(address, channel_not_found(request.channel_id()));
    return;
  }
  auto job =
      make_job([ledger = channel->second.ledger, request,
                page_max = page_max_] { return answer_ledger_request(*ledger, request, page_max); },
               [this, address](Now, Result<ccbus::LedgerResponse> answer) {
                 if (!answer) return replies_.reply(address, make_status(answer.error()));
                 ccbus::ClientResponse response;
                 *response.mutable_ledger() = std::move(*answer);
                 replies_.reply(address, response);
               },
               [this, address] { replies_.reply(address, shutting_down()); });
  if (!background_.submit(std::move(job))) replies_.reply(address, too_many_jobs());
}

}  // namespace ccbus::gateway
