#include "service/assembly/configuration_reload.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus {

void reload_configuration(const Config& running, const ConfigSources& sources, Logger& logger,
                          KeyGate& gate, security::TokenStore* tokens,
                          const std::function<void(Now, const WantedListeners&)>& listen) {
  gate.reload();
  if (tokens != nullptr) {
    if (auto read = tokens->reload(); !read) {
      logger.error("tokens.not_read why={:?}", read.error().message);
    }
  }
  const auto loaded = load_config(sources);
  if (!loaded) return logger.error("config.refused reason={:?}", loaded.error().message);
  auto wanted = wanted_listeners(loaded->config);
  if (!wanted) return logger.error("config.refused reason={:?}", wanted.error().message);
  gate.on_bus([listen, wanted = std::move(*wanted)](Now now) { listen(now, wanted); });
  const Config& read = loaded->config;
  for (const ConfigKey& key : config_keys()) {
    if (can_change(key.path) || key.show(running) == key.show(read)) continue;
    logger.warn("config.needs_restart key={} running={:?} read={:?}", key.path, key.show(running),
                key.show(read));
  }
  const auto level = parse_log_level(read.log_level);
  CCBUS_ASSERT(level.has_value());  // Checked as it was read.
  logger.set_level(*level);
  logger.info("config.read_again level={}", read.log_level);
}

}  // namespace ccbus
