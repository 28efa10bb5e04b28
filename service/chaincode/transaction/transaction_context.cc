#include "service/chaincode/transaction/transaction_context.h"

#include "service/base/text_hash.h"

namespace ccbus::chaincode {

std::size_t TransactionContexts::Hash::operator()(View key) const noexcept {
  const TextHash hash;
  return hash(key.second) * 31 + hash(key.first);
}

TransactionContext* TransactionContexts::add(std::unique_ptr<TransactionContext>& context) {
  const View key{context->key.channel.value, context->key.tx.value};
  const auto [at, added] = contexts_.try_emplace(key, nullptr);
  if (!added) return nullptr;
  at->second = std::move(context);
  return at->second.get();
}

TransactionContext* TransactionContexts::find(std::string_view channel, std::string_view tx) const {
  const auto at = contexts_.find(View{channel, tx});
  return at == contexts_.end() ? nullptr : at->second.get();
}

std::unique_ptr<TransactionContext> TransactionContexts::remove(std::string_view channel,
                                                                std::string_view tx) {
  const auto at = contexts_.find(View{channel, tx});
  if (at == contexts_.end()) return nullptr;
  auto context = std::move(at->second);
  contexts_.erase(at);
  return context;
}

}  // namespace ccbus::chaincode
