#include "service/operations/json_answers.h"

#include <nlohmann/json.hpp>

#include "service/base/printable.h"

namespace ccbus::operations {

using nlohmann::json;

HttpResponse answer(int status, const json& body) {
  HttpResponse response;
  response.status = status;
  // Names and error texts may quote what others sent, which may not be valid UTF-8, and may contain
  // characters beyond ASCII that command a terminal; JSON itself escapes those of ASCII.
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  if (printable_prefix(response.body) != response.body.size()) {
    response.body = body.dump(-1, ' ', true, json::error_handler_t::replace);
  }
  response.body += "\n";
  return response;
}

HttpResponse refuse(int status, const std::string& why) {
  return answer(status, {{"error", why}});
}

}  // namespace ccbus::operations
