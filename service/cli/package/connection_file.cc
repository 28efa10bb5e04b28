#include "service/cli/package/connection_file.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "service/base/printable.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kFieldBytesMax = 64u << 10;
constexpr std::size_t kShownActionBytes = 100;
constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

unexpected<Error> bad_connection(const std::string& what) {
  return fail(ErrorCode::kInvalid, what);
}

std::string quoted_action(std::string_view text) {
  return "'" + printable(text, kShownActionBytes) + "'";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The name of ".name"; nullopt: it is something else.
std::optional<std::string> member_name(std::string_view action) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  if (!action.starts_with('.') || action.size() < 2) return std::nullopt;
  const std::string_view name = action.substr(1);
  const bool is_name = name.find_first_not_of(kLetters) == std::string_view::npos &&
                       !(name.front() >= '0' && name.front() <= '9');
  return is_name ? std::optional(std::string(name)) : std::nullopt;
}

// Puts the values of a configuration in place of {{.name}}.
class Substitution {
 public:
  explicit Substitution(json values) : values_(std::move(values)) {}

  [[nodiscard]] Result<std::string> apply(const std::string& field, std::string_view text) const {
    std::string filled;
    for (auto open = text.find(kOpen); open != std::string_view::npos; open = text.find(kOpen)) {
      const auto close = text.find(kClose, open);
      if (close == std::string_view::npos) return bad_connection(field + " has {{ without }}");
      filled += text.substr(0, open);
      const auto value =
          value_of(field, text.substr(open + kOpen.size(), close - open - kOpen.size()));
      if (!value) return unexpected(value.error());
      filled += *value;
      text.remove_prefix(close + kClose.size());
      if (filled.size() > kFieldBytesMax) return too_long(field, filled.size());
    }
    filled += text;
    if (filled.size() > kFieldBytesMax) return too_long(field, filled.size());
    return filled;
  }

 private:
  [[nodiscard]] Result<std::string> value_of(const std::string& field,
                                             std::string_view action) const {
    const auto name = member_name(trimmed(action));
    if (!name) {
      return bad_connection(field + " has " + quoted_action("{{" + std::string(action) + "}}") +
                            ": of Go's templates only {{.name}} is known");
    }
    const auto at = values_.find(*name);
    if (at == values_.end()) {
      return bad_connection(field + " has {{." + *name + "}}, and there is no value of it: set " +
                            kBuilderConfig + " to a JSON object such as {\"" + *name +
                            "\":\"...\"}");
    }
    if (at->is_string()) return at->get<std::string>();
    if (at->is_number_integer()) return at->dump();
    return bad_connection(field + " has {{." + *name + "}}, and its value in " + kBuilderConfig +
                          " is neither a text nor a whole number");
  }

  static unexpected<Error> too_long(const std::string& field, std::size_t bytes) {
    return fail(ErrorCode::kExhausted, field + " has " + std::to_string(bytes) +
                                           " bytes or more with its values; at most " +
                                           std::to_string(kFieldBytesMax) + " are possible");
  }

  const json values_;
};

// Takes over the fields that count. The first error stays.
class ConnectionReader {
 public:
  ConnectionReader(const json& file, const Substitution& substitution)
      : file_(file), substitution_(substitution) {}

  // A text, empty if it is missing.
  std::string text(const char* name) {
    const json* const field = find(name);
    if (field == nullptr) return {};
    if (!field->is_string()) return refuse(std::string(name) + " is not a text");
    auto filled = substitution_.apply(name, field->get_ref<const std::string&>());
    if (!filled) return refuse(filled.error());
    return std::move(*filled);
  }

  bool flag(const char* name) {
    const json* const field = find(name);
    if (field == nullptr) return false;
    if (field->is_boolean()) return field->get<bool>();
    refuse(std::string(name) + " is not true or false");
    return false;
  }

  // A missing or an empty one stays out.
  void take_text(const char* name) {
    if (std::string value = text(name); !value.empty()) connection_[name] = std::move(value);
  }

  void take_dial_timeout() {
    constexpr const char* kName = "dial_timeout";
    const json* const field = find(kName);
    if (field != nullptr && field->is_number()) {
      connection_[kName] = *field;
    } else {
      take_text(kName);
    }
  }

  void take_addresses(const std::vector<std::string>& instead) {
    if (!instead.empty()) {
      connection_["addresses"] = instead;
      return;
    }
    const std::string address = text("address");
    if (address.empty()) refuse("address is missing");
    connection_["addresses"] = {address};
  }

  void take_tls() {
    if (!flag("tls_required")) return;
    connection_["tls_required"] = true;
    take_text("root_cert");
    if (!connection_.contains("root_cert")) refuse("root_cert is missing; tls_required needs it");
    if (!flag("client_auth_required")) return;
    connection_["client_auth_required"] = true;
    for (const char* name : {"client_cert", "client_key", "domain"}) take_text(name);
  }

  Result<json> finish() {
    if (error_) return unexpected(*error_);
    return std::move(connection_);
  }

 private:
  // nullptr: it is missing, or null.
  const json* find(const char* name) const {
    const auto found = file_.find(name);
    return found == file_.end() || found->is_null() ? nullptr : &*found;
  }

  std::string refuse(const std::string& why) { return refuse({ErrorCode::kInvalid, why}); }
  std::string refuse(const Error& error) {
    if (!error_) error_ = error;
    return {};
  }

  const json& file_;
  const Substitution& substitution_;
  json connection_ = json::object();
  std::optional<Error> error_;
};

}  // namespace

Result<json> read_connection_file(std::string_view text, const ConnectionFileOptions& options) {
  const json file = json::parse(text, nullptr, false);
  if (!file.is_object()) return bad_connection("connection.json is not a JSON object");
  json values = json::object();
  if (!options.builder_config.empty()) {
    values = json::parse(options.builder_config, nullptr, false);
    if (!values.is_object())
      return bad_connection(std::string(kBuilderConfig) + " is not a JSON object");
  }
  const Substitution substitution(std::move(values));
  ConnectionReader reader(file, substitution);
  reader.take_addresses(options.addresses);
  reader.take_dial_timeout();
  reader.take_tls();
  auto connection = reader.finish();
  if (connection) return connection;
  return fail(connection.error().code, "connection.json: " + connection.error().message);
}

}  // namespace ccbus::cli
