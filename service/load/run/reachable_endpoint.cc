#include "service/load/run/reachable_endpoint.h"

namespace ccbus::load {

std::string reachable_endpoint(const std::string& bound, const std::string& reachable) {
  const bool is_everywhere =
      bound.starts_with("tcp://0.0.0.0:") || bound.starts_with("tcp://[::]:");
  if (!is_everywhere || !reachable.starts_with("tcp://")) return bound;
  const std::string host = reachable.substr(0, reachable.rfind(':'));
  return host + bound.substr(bound.rfind(':'));
}

}  // namespace ccbus::load
