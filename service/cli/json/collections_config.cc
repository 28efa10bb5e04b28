#include "service/cli/json/collections_config.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ccbus/definition.pb.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

unexpected<Error> invalid(const std::string& where, const std::string& why) {
  return fail(ErrorCode::kInvalid, "collections config: " + where + ": " + why);
}

// Returns the MSP ids in a policy: the texts between a quote and a dot, as in 'Org1MSP.member'.
std::set<std::string> members_of(const std::string& policy) {
  std::set<std::string> members;
  for (std::size_t quote = policy.find('\''); quote != std::string::npos;) {
    const std::size_t end = policy.find('\'', quote + 1);
    if (end == std::string::npos) break;
    const std::string principal = policy.substr(quote + 1, end - quote - 1);
    if (const auto dot = principal.rfind('.'); dot != std::string::npos && dot > 0) {
      members.insert(principal.substr(0, dot));
    }
    quote = policy.find('\'', end + 1);
  }
  return members;
}

constexpr std::string_view kIgnoredField = "endorsementPolicy";

// Reads the members of one object, and keeps the first error.
class Reader {
 public:
  Reader(const json& object, std::string where) : object_(object), where_(std::move(where)) {}

  std::string text(const char* field) {
    const json* value = find(field);
    if (value == nullptr) return {};
    if (!value->is_string()) return complain(field, "is not a string"), std::string();
    return value->get<std::string>();
  }

  std::uint64_t count(const char* field, std::uint64_t max) {
    const json* value = find(field);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > max) {
      complain(field,
               "is " + value->dump() + ", not a whole number from 0 to " + std::to_string(max));
      return 0;
    }
    return value->get<std::uint64_t>();
  }

  bool flag(const char* field) {
    const json* value = find(field);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return complain(field, "is not true or false"), false;
    return value->get<bool>();
  }

  Result<void> finish() {
    for (const auto& [field, value] : object_.items()) {
      if (!read_.contains(field) && field != kIgnoredField) complain(field, "is not known");
    }
    if (wrong_.empty()) return {};
    return invalid(where_, wrong_);
  }

  void complain(const std::string& field, const std::string& why) {
    if (wrong_.empty()) wrong_ = field + " " + why;
  }

 private:
  const json* find(const char* field) {
    read_.insert(field);
    const auto at = object_.find(field);
    return at == object_.end() ? nullptr : &*at;
  }

  const json& object_;
  const std::string where_;
  std::set<std::string> read_;
  std::string wrong_;
};

Result<ccbus::CollectionConfig> parse_collection(const json& object, std::size_t position) {
  if (!object.is_object()) return invalid("entry " + std::to_string(position), "is not an object");
  const auto name = object.find("name");
  const bool has_name = name != object.end() && name->is_string();
  Reader reader(object, has_name ? "collection '" + name->get<std::string>() + "'"
                                 : "entry " + std::to_string(position));
  constexpr std::uint64_t kPeersMax = std::numeric_limits<std::int32_t>::max();
  ccbus::CollectionConfig collection;
  collection.set_name(reader.text("name"));
  collection.set_policy(reader.text("policy"));
  collection.set_required_peer_count(
      static_cast<std::int32_t>(reader.count("requiredPeerCount", kPeersMax)));
  collection.set_maximum_peer_count(
      static_cast<std::int32_t>(reader.count("maxPeerCount", kPeersMax)));
  collection.set_block_to_live(
      reader.count("blockToLive", std::numeric_limits<std::uint64_t>::max()));
  collection.set_member_only_read(reader.flag("memberOnlyRead"));
  collection.set_member_only_write(reader.flag("memberOnlyWrite"));
  for (const std::string& member : members_of(collection.policy())) {
    collection.add_member_orgs(member);
  }
  if (collection.name().empty()) reader.complain("name", "is missing");
  if (collection.member_orgs().empty()) {
    reader.complain("policy", "names no organisation as in OR('Org1MSP.member')");
  }
  if (auto read = reader.finish(); !read) return unexpected(read.error());
  return collection;
}

}  // namespace

Result<std::vector<ccbus::CollectionConfig>> parse_collections_config(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_array()) return invalid("the file", "is not a JSON array of collections");
  std::vector<ccbus::CollectionConfig> collections;
  for (const json& object : parsed) {
    auto collection = parse_collection(object, collections.size());
    if (!collection) return unexpected(collection.error());
    collections.push_back(std::move(*collection));
  }
  return collections;
}

}  // namespace ccbus::cli
