#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "service/operations/http_message.h"

namespace ccbus::operations {

// A response with this body.
[[nodiscard]] HttpResponse answer(int status, const nlohmann::json& body);

// {"error": why}
[[nodiscard]] HttpResponse refuse(int status, const std::string& why);

}  // namespace ccbus::operations
