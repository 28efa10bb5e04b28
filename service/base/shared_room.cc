#include "service/base/shared_room.h"

#include <string>

#include "service/base/shares.h"

namespace ccbus {

Result<void> SharedRoom::check(PeerId client, std::size_t bytes) const {
  const auto exhausted = [](std::string text) {
    return fail(ErrorCode::kExhausted, std::move(text));
  };
  const std::string what = limits_.what;
  if (held_.count >= limits_.count) {
    return exhausted(std::string(limits_.count_key) +
                     " is reached: " + std::to_string(limits_.count) + " transactions " + what);
  }
  if (held_.bytes + bytes > limits_.bytes) {
    return exhausted(std::string(limits_.bytes_key) +
                     " is reached: " + std::to_string(held_.bytes) + " bytes " + what +
                     ", and the limit is " + std::to_string(limits_.bytes));
  }
  const auto* entry = clients_.find(client);
  if (entry == nullptr) return {};
  const Held& held = entry->second;
  if (const std::size_t free = limits_.count - held_.count; !may_take_more(held.count, free)) {
    return exhausted(std::to_string(held.count) + " transactions of the client " + what +
                     ", and there is room for only " + std::to_string(free) + " more (" +
                     limits_.count_key + ")");
  }
  if (const std::size_t free = limits_.bytes - held_.bytes; !may_take_more(held.bytes, free)) {
    return exhausted(std::to_string(held.bytes) + " bytes of the client " + what +
                     ", and there is room for only " + std::to_string(free) + " more (" +
                     limits_.bytes_key + ")");
  }
  return {};
}

void SharedRoom::take(PeerId client, std::size_t bytes) {
  Held& held = clients_.at(client).second;
  for (Held* one : {&held, &held_}) {
    one->count += 1;
    one->bytes += bytes;
  }
}

void SharedRoom::give_back(PeerId client, std::size_t bytes) noexcept {
  auto* entry = clients_.find(client);
  for (Held* one : {&entry->second, &held_}) {
    one->count -= 1;
    one->bytes -= bytes;
  }
  if (entry->second.count == 0) clients_.erase(*entry);
}

}  // namespace ccbus
