#pragma once

#include <functional>

#include "service/assembly/key_gate.h"
#include "service/assembly/key_rotation.h"
#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/config/config.h"
#include "service/security/tokens/token_store.h"

namespace ccbus {

// What SIGHUP asks for: the sources are read again, the directory of allowed keys, and the tokens
// of the operations endpoint (null: there are none). The log level and the addresses with their
// keys take effect, by `listen` on the bus thread; of every other key that has changed it is said
// that it needs a restart. What cannot be read changes nothing.
//
// Blocks: on the disk.
void reload_configuration(const Config& running, const ConfigSources& sources, Logger& logger,
                          KeyGate& gate, security::TokenStore* tokens,
                          const std::function<void(Now, const WantedListeners&)>& listen);

}  // namespace ccbus
