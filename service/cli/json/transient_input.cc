#include "service/cli/json/transient_input.h"

#include <nlohmann/json.hpp>

#include "service/cli/json/base64.h"
#include "service/cli/json/json_object.h"

namespace ccbus::cli {

Result<std::map<std::string, std::string>> parse_transient_input(std::string_view text) {
  const auto object = parse_json_object("--transient", text);
  if (!object) return unexpected(object.error());

  std::map<std::string, std::string> transient;
  for (const auto& [key, value] : object->items()) {
    if (!value.is_string())
      return fail(ErrorCode::kInvalid, "--transient: '" + key + "' is " + value.dump() +
                                           "; its value has to be a base64 string");
    const auto bytes = decode_base64(value.get_ref<const std::string&>());
    if (!bytes)
      return fail(ErrorCode::kInvalid, "--transient: '" + key + "': " + bytes.error().message);
    transient.emplace(key, *bytes);
  }
  return transient;
}

}  // namespace ccbus::cli
