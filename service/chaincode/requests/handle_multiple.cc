#include "service/chaincode/requests/request_handlers.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "service/chaincode/requests/collection_access.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::chaincode {
namespace {

using Value = std::optional<std::string>;

// The values found so far, encoded at the end.
class Values {
 public:
  explicit Values(const RequestLimits& limits) : limits_(limits) {}

  [[nodiscard]] Result<void> add(Value value) {
    std::string& entry = *result_.add_values();
    if (!value) return {};
    bytes_ += value->size();
    if (bytes_ > limits_.reply_bytes_max) return unexpected(answer_too_large(bytes_, limits_));
    entry = std::move(*value);
    return {};
  }

  [[nodiscard]] bool is_within(AnswerBudget budget) const {
    return static_cast<std::size_t>(result_.values_size()) < budget.rows && bytes_ < budget.bytes;
  }
  [[nodiscard]] const protos::GetStateMultipleResult& result() const { return result_; }

 private:
  const RequestLimits limits_;
  protos::GetStateMultipleResult result_;
  std::size_t bytes_ = 0;
};

// The rest of the values, which a worker reads.
class RestOfValues final : public SlowAnswer {
 public:
  // `get` has the keys that are left; `view` is one for any thread.
  RestOfValues(std::shared_ptr<const ledger::StateView> view, std::string ns,
               protos::GetStateMultiple get, Values values)
      : view_(std::move(view)),
        ns_(std::move(ns)),
        get_(std::move(get)),
        values_(std::move(values)) {}

  Result<std::string> make() override {
    const std::string space =
        get_.collection().empty() ? ns_ : ledger::private_namespace(ns_, get_.collection());
    for (const std::string& key : get_.keys()) {
      auto found = view_->get(space, key);
      if (!found) return unexpected(found.error());
      versions_.push_back(*found ? std::optional((*found)->version) : std::nullopt);
      if (auto added = values_.add(*found ? Value(std::move((*found)->value)) : Value()); !added)
        return unexpected(added.error());
    }
    return values_.result().SerializeAsString();
  }

  void settle(TransactionContext& context) override {
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      const std::string& key = get_.keys(static_cast<int>(i));
      if (get_.collection().empty()) {
        context.simulator->record_query_read(ns_, key, versions_[i]);
      } else {
        context.simulator->record_private_read(ns_, get_.collection(), key, versions_[i]);
      }
    }
  }

 private:
  const std::shared_ptr<const ledger::StateView> view_;
  const std::string ns_;
  const protos::GetStateMultiple get_;
  Values values_;
  std::vector<std::optional<ledger::Version>> versions_;  // Of the keys read so far.
};

Result<void> check_count(const Request& request) {
  const std::size_t asked =
      count_fields(request.message.payload, protos::GetStateMultiple::kKeysFieldNumber);
  if (asked <= request.limits.multiple_keys_max) return {};
  return fail(ErrorCode::kExhausted, std::to_string(asked) + " keys exceed the limit of " +
                                         std::to_string(request.limits.multiple_keys_max) +
                                         " (chaincode.runtimeParams.maxSizeGetMultipleKeys)");
}

}  // namespace

Result<Answer> handle_get_state_multiple(const Request& request) {
  if (auto few = check_count(request); !few) return unexpected(few.error());
  protos::GetStateMultiple& get = request.buffers.get_state_multiple;
  if (auto decoded = decode(request, get); !decoded) return unexpected(decoded.error());
  TransactionContext& context = request.context;
  if (auto allowed = check_collection(context, get.collection(), Access::kRead); !allowed) {
    return unexpected(allowed.error());
  }
  Values values(request.limits);
  int done = 0;
  for (; done < get.keys_size() && values.is_within(AnswerBudget{}); ++done) {
    auto value = get.collection().empty() ? context.simulator->get_state(context.ns, get.keys(done))
                                          : context.simulator->get_private_data_unmatched(
                                                context.ns, get.collection(), get.keys(done));
    if (!value) return unexpected(value.error());
    if (auto added = values.add(std::move(*value)); !added) return unexpected(added.error());
  }
  if (done < get.keys_size()) {
    get.mutable_keys()->DeleteSubrange(0, done);
    return Answer{MakeAnswer{std::make_shared<RestOfValues>(
        context.simulator->query_view(), context.ns, std::move(get), std::move(values))}};
  }
  values.result().SerializeToString(&request.reply);
  return Answer{Replied{}};
}

}  // namespace ccbus::chaincode
