#include "tests/support/checkout.h"

namespace ccbus::test {

std::string source_path(std::string_view path) {
  return CCBUS_SOURCE_DIR "/" + std::string(path);
}

std::string built_program(std::string_view name) {
  return CCBUS_BUILT_PROGRAMS "/" + std::string(name);
}

}  // namespace ccbus::test
