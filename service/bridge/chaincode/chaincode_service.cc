#include "service/bridge/chaincode/chaincode_service.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/base/chaincode_names.h"
#include "service/base/duration.h"

namespace ccbus::bridge {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kDialTimeout{3'000};  // Fabric's.

// The fields of an object, each read with the type that it has to have. The first error counts.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  [[nodiscard]] std::string text(const char* name) {
    const auto at = object_.find(name);
    if (at == object_.end() || at->is_null()) return {};
    if (at->is_string()) return at->get<std::string>();
    refuse(name, "is not a text");
    return {};
  }

  [[nodiscard]] bool flag(const char* name) {
    const auto at = object_.find(name);
    if (at == object_.end() || at->is_null()) return false;
    if (at->is_boolean()) return at->get<bool>();
    refuse(name, "is not true or false");
    return false;
  }

  [[nodiscard]] std::vector<std::string> addresses() {
    std::vector<std::string> found;
    if (const std::string one = text("address"); !one.empty()) found.push_back(one);
    const auto at = object_.find("addresses");
    if (at == object_.end()) return found;
    if (!at->is_array()) refuse("addresses", "is not a list of texts");
    for (const json& address : *at) {
      if (address.is_string()) {
        found.push_back(address.get<std::string>());
      } else {
        refuse("addresses", "is not a list of texts");
      }
    }
    return found;
  }

  [[nodiscard]] std::chrono::milliseconds dial_timeout() {
    const auto at = object_.find("dial_timeout");
    if (at == object_.end() || at->is_null() || *at == "") return kDialTimeout;
    if (at->is_number()) {
      const auto nanoseconds = std::chrono::nanoseconds(at->get<std::int64_t>());
      return std::chrono::duration_cast<std::chrono::milliseconds>(nanoseconds);
    }
    if (at->is_string()) {
      if (const auto duration = parse_duration(at->get<std::string>())) return *duration;
    }
    refuse("dial_timeout", "is no duration such as 10s, and no number of nanoseconds");
    return kDialTimeout;
  }

  void refuse(const char* name, const std::string& why) {
    if (!error_) error_ = Error{ErrorCode::kInvalid, std::string(name) + " " + why};
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const json& object_;
  std::optional<Error> error_;
};

std::optional<RpcTls> tls_of(Fields& fields, bool shows_certificate) {
  if (!fields.flag("tls_required")) return std::nullopt;
  RpcTls tls;
  tls.roots = fields.text("root_cert");
  if (tls.roots.empty()) fields.refuse("root_cert", "is missing; tls_required needs it");
  if (!shows_certificate) return tls;
  tls.certificate = fields.text("client_cert");
  tls.key = fields.text("client_key");
  if (tls.certificate.empty() || tls.key.empty()) {
    fields.refuse("client_auth_required", "needs client_cert and client_key");
  }
  return tls;
}

bool is_address(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::string port = address.substr(colon + 1);
  return !port.empty() && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Result<ChaincodeService> parse_chaincode_service(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(ErrorCode::kInvalid, "it is not a JSON object");
  Fields fields(object);
  ChaincodeService service{fields.text("name"), fields.text("package_id"), {}};
  if (!is_chaincode_name(service.name)) {
    fields.refuse("name",
                  "'" + service.name + "' is no name of a chaincode: " + kChaincodeNameForm);
  }
  RpcTarget target;
  const bool shows_certificate = fields.flag("client_auth_required");
  target.tls = tls_of(fields, shows_certificate);
  if (shows_certificate) target.server_name = fields.text("domain");
  target.connect_timeout = fields.dial_timeout();
  const auto addresses = fields.addresses();
  if (addresses.empty() || addresses.size() > kTargetsMax) {
    fields.refuse("addresses", "has " + std::to_string(addresses.size()) + " of them; from 1 to " +
                                   std::to_string(kTargetsMax) + " are possible");
  }
  for (const std::string& address : addresses) {
    if (!is_address(address)) fields.refuse("addresses", "has '" + address + "', not host:port");
    target.address = address;
    service.targets.push_back(target);
  }
  if (fields.error()) return unexpected(*fields.error());
  return service;
}

std::string format(const ChaincodeService& service) {
  const RpcTarget& target = service.targets.front();
  json object{{"name", service.name}, {"dial_timeout", format_duration(target.connect_timeout)}};
  if (!service.package_id.empty()) object["package_id"] = service.package_id;
  for (const RpcTarget& each : service.targets) object["addresses"].push_back(each.address);
  if (!target.tls) return object.dump(2) + "\n";
  object["tls_required"] = true;
  object["root_cert"] = target.tls->roots;
  if (target.tls->certificate.empty()) return object.dump(2) + "\n";
  object["client_auth_required"] = true;
  object["client_cert"] = target.tls->certificate;
  object["client_key"] = target.tls->key;
  if (!target.server_name.empty()) object["domain"] = target.server_name;
  return object.dump(2) + "\n";
}

}  // namespace ccbus::bridge
