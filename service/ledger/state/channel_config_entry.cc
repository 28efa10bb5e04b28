#include "service/ledger/state/channel_config_entry.h"

#include <utility>

#include "service/ledger/policy/channel_config.h"

namespace ccbus::ledger {

Result<std::optional<ccbus::ChannelConfig>> find_channel_config(const StateView& view) {
  auto found = view.get(kChannelNamespace, kChannelConfigKey);
  if (!found) return unexpected(found.error());
  if (!*found) return std::nullopt;
  auto config = decode_channel_config((*found)->value);
  if (!config) return unexpected(config.error());
  return std::move(*config);
}

}  // namespace ccbus::ledger
