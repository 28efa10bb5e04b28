#include "service/cli/json/json_object.h"

#include <nlohmann/json.hpp>
#include <string>

namespace ccbus::cli {

Result<nlohmann::json> parse_json_object(std::string_view flag, std::string_view text) {
  try {
    nlohmann::json value = nlohmann::json::parse(text);
    if (value.is_object()) return value;
    return fail(ErrorCode::kInvalid,
                std::string(flag) + " takes a JSON object, not a JSON " + value.type_name());
  } catch (const nlohmann::json::exception& e) {
    // Also an out_of_range, for a number that no double holds. Remove the library's prefix:
    // "[json.exception.parse_error.101] parse error at ...".
    std::string_view reason = e.what();
    if (const auto end = reason.find("] "); end != std::string_view::npos)
      reason.remove_prefix(end + 2);
    return fail(ErrorCode::kInvalid,
                std::string(flag) + " is not valid JSON: " + std::string(reason));
  }
}

}  // namespace ccbus::cli
