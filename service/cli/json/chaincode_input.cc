#include "service/cli/json/chaincode_input.h"

#include <nlohmann/json.hpp>

#include "service/cli/json/json_object.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

constexpr const char* kFlag = "-c";
constexpr const char* kExample = R"({"Args":["CreateAsset","a1"]})";

Result<std::vector<std::string>> parse_args(const json& args) {
  if (!args.is_array())
    return fail(ErrorCode::kInvalid, std::string("-c: Args is a JSON ") + args.type_name() +
                                         "; it has to be an array, as in " + kExample);
  std::vector<std::string> parsed;
  parsed.reserve(args.size());
  for (const json& arg : args) {
    if (!arg.is_string())
      return fail(ErrorCode::kInvalid, "-c: Args[" + std::to_string(parsed.size()) + "] is " +
                                           arg.dump() + ", a JSON " + arg.type_name() +
                                           "; every argument has to be a string");
    parsed.push_back(arg.get<std::string>());
  }
  return parsed;
}

}  // namespace

Result<std::vector<std::string>> parse_chaincode_input(std::string_view text) {
  const auto object = parse_json_object(kFlag, text);
  if (!object) return unexpected(object.error());

  const json* function = nullptr;
  const json* args = nullptr;
  for (const auto& [key, value] : object->items()) {
    const bool names_function = key == "function" || key == "Function";
    if (!names_function && key != "Args" && key != "args")
      return fail(ErrorCode::kInvalid,
                  "-c: '" + key + "' is not known; Args and function are, as in " + kExample);
    const json*& known = names_function ? function : args;
    if (known != nullptr)
      return fail(ErrorCode::kInvalid, "-c: '" + key + "' stands there in both spellings");
    known = &value;
  }
  if (function == nullptr && args == nullptr)
    return fail(ErrorCode::kInvalid, std::string("-c: Args is missing, as in ") + kExample);
  if (function != nullptr && !function->is_string())
    return fail(ErrorCode::kInvalid, "-c: function is " + function->dump() + ", not a string");

  std::vector<std::string> all;
  if (function != nullptr) all.push_back(function->get<std::string>());
  if (args == nullptr) return all;
  const auto parsed = parse_args(*args);
  if (!parsed) return unexpected(parsed.error());
  all.insert(all.end(), parsed->begin(), parsed->end());
  return all;
}

}  // namespace ccbus::cli
