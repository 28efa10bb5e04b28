#include "service/chaincode/requests/query_answer.h"

#include <cstdint>
#include <utility>

namespace ccbus::chaincode {
namespace {

// The next batch of a query, or its one page.
class QueryAnswer final : public SlowAnswer {
 public:
  // `page_size` nullopt: a batch. Otherwise a page; 0: no cap.
  QueryAnswer(std::shared_ptr<OpenQuery> query, std::optional<std::uint32_t> page_size,
              const RequestLimits& limits)
      : query_(std::move(query)), page_size_(page_size), limits_(limits) {}

  // Returns nullopt if the budget is used up; the next call goes on.
  [[nodiscard]] Result<std::optional<protos::QueryResponse>> make_within(AnswerBudget budget) {
    return page_size_ ? query_->page(*page_size_, limits_, budget)
                      : query_->next_batch(limits_, budget);
  }

  Result<std::string> make() override {
    auto response = make_within({SIZE_MAX, SIZE_MAX});
    if (!response) return unexpected(response.error());
    return (*response)->SerializeAsString();
  }

  void settle(TransactionContext& context) override {
    query_->results().record_reads(*context.simulator);
    context.iterators.settle(*query_);
  }

  void give_up(TransactionContext& context) override {
    static_cast<void>(context.iterators.close(query_->id()));
  }

  void cancel() override { query_->results().cancel(); }
  std::uint64_t examined() const override { return query_->results().examined(); }
  std::string advice() const override { return query_->results().advice(); }

 private:
  const std::shared_ptr<OpenQuery> query_;
  const std::optional<std::uint32_t> page_size_;
  const RequestLimits limits_;
};

Result<Answer> answer(const Request& request, std::shared_ptr<OpenQuery> query,
                      std::optional<std::uint32_t> page_size) {
  const bool is_slow = query->results().is_slow();
  auto answer = std::make_shared<QueryAnswer>(std::move(query), page_size, request.limits);
  if (is_slow) return Answer{MakeAnswer{std::move(answer)}};
  auto response = answer->make_within(AnswerBudget{});
  if (response && !*response) return Answer{MakeAnswer{std::move(answer)}};
  answer->settle(request.context);
  if (!response) return unexpected(response.error());
  (*response)->SerializeToString(&request.reply);
  return Answer{Replied{}};
}

}  // namespace

Result<Paging> decode_paging(const std::string& bytes) {
  protos::QueryMetadata metadata;
  if (auto decoded = decode(bytes, metadata); !decoded) return unexpected(decoded.error());
  if (metadata.pagesize() < 0) {
    return fail(ErrorCode::kInvalid, "page size " + std::to_string(metadata.pagesize()) +
                                         " is negative: 0 (no cap) is the least");
  }
  return Paging{metadata.pagesize() != 0 || !metadata.bookmark().empty(),
                static_cast<std::uint32_t>(metadata.pagesize()), metadata.bookmark()};
}

Result<Answer> answer_batch(const Request& request, std::shared_ptr<OpenQuery> query) {
  return answer(request, std::move(query), std::nullopt);
}

Result<Answer> answer_page(const Request& request, std::shared_ptr<OpenQuery> query,
                           std::uint32_t page_size) {
  return answer(request, std::move(query), page_size);
}

}  // namespace ccbus::chaincode
