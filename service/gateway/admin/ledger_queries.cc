#include "service/gateway/admin/ledger_queries.h"

#include <memory>
#include <utility>

#include "service/gateway/admin/ledger_answers.h"

namespace ccbus::gateway {

class LedgerQueries::LookUpJob final : public Job {
 public:
  LookUpJob(LedgerQueries& queries, ReplyAddress address,
            std::shared_ptr<const ledger::ChannelLedger> ledger, ccbus::LedgerRequest request)
      : queries_(queries),
        address_(address),
        ledger_(std::move(ledger)),
        request_(std::move(request)) {}

  void run() override { answer_ = answer_ledger_request(*ledger_, request_, queries_.page_max_); }

  void finish(Now) override {
    if (!answer_) {
      queries_.replies_.reply(address_, make_status(answer_.error()));
      return;
    }
    ccbus::ClientResponse response;
    *response.mutable_ledger() = std::move(*answer_);
    queries_.replies_.reply(address_, response);
  }

  void drop() override { queries_.replies_.reply(address_, shutting_down()); }

 private:
  LedgerQueries& queries_;
  const ReplyAddress address_;
  const std::shared_ptr<const ledger::ChannelLedger> ledger_;
  const ccbus::LedgerRequest request_;
  Result<ccbus::LedgerResponse> answer_;
};

void LedgerQueries::ask(ReplyAddress address, const ccbus::LedgerRequest& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(address, channel_not_found(request.channel_id()));
    return;
  }
  auto job = std::make_unique<LookUpJob>(*this, address, channel->second.ledger, request);
  if (!background_.submit(std::move(job))) replies_.reply(address, too_many_jobs());
}

}  // namespace ccbus::gateway
