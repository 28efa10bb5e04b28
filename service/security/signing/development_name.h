#pragma once

namespace ccbus::security {

// The common name of the certificates that the service makes for itself.
inline constexpr char kDevelopmentName[] = "ccbus-dev";

}  // namespace ccbus::security
