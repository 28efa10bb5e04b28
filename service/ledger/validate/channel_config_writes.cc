#include "service/ledger/validate/channel_config_writes.h"

#include "service/ledger/policy/channel_config.h"

namespace ccbus::ledger {
namespace {

bool is_sound(const NamespaceRwset& set, const ccbus::ChannelConfig* current) {
  if (!set.collections.empty() || set.kv.metadata_writes_size() > 0) return false;
  if (set.kv.writes().empty()) return true;
  const kvrwset::KVWrite& write = set.kv.writes(0);
  if (set.kv.writes_size() > 1 || write.key() != kChannelConfigKey || is_delete(write))
    return false;
  const auto config = decode_channel_config(write.value());
  return config && check_sequence(current, *config);
}

}  // namespace

bool has_sound_config_writes(const TxRwset& rwset, const ccbus::ChannelConfig* current) {
  for (const NamespaceRwset& set : rwset) {
    if (set.ns == kChannelNamespace && !is_sound(set, current)) return false;
  }
  return true;
}

}  // namespace ccbus::ledger
