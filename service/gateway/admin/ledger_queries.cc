#include "service/gateway/admin/ledger_queries.h"

#include <memory>
#include <utility>

#include "service/gateway/admin/ledger_answers.h"

namespace ccbus::gateway {
namespace {

struct Answered {
  Result<ccbus::LedgerResponse> answer;
  std::uint64_t height = 0;
};

}  // namespace

void LedgerQueries::ask(PendingRequest pending, const ccbus::LedgerRequest& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(std::move(pending), channel_not_found(request.channel_id()));
    return;
  }
  WorkLabel label = pending.label();
  auto job = make_job(
      std::move(pending),
      [ledger = channel->second.ledger, request, page_max = page_max_] {
        Answered answered;
        answered.answer = answer_ledger_request(*ledger, request, page_max);
        answered.height = ledger->height();  // Nothing that was read is from a later block.
        return answered;
      },
      [this](Now, PendingRequest held, Answered answered) {
        auto& [answer, height] = answered;
        ccbus::ClientResponse response;
        response.set_height(height);
        if (!answer) {
          *response.mutable_status() = make_status(answer.error());
          return replies_.reply(std::move(held), response);
        }
        *response.mutable_ledger() = std::move(*answer);
        replies_.reply(std::move(held), response);
      },
      [this](PendingRequest held, const Error& why) {
        replies_.reply(std::move(held), make_status(why));
      });
  static_cast<void>(background_.submit(std::move(job), std::move(label)));
}

}  // namespace ccbus::gateway
