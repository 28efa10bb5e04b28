#include "service/cli/json/collections_config.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ccbus/definition.pb.h"
#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"
#include "service/base/gojson/number.h"
#include "service/ledger/policy/application_policy.h"

namespace ccbus::cli {
namespace {

using gojson::Value;

unexpected<Error> invalid(const std::string& where, const std::string& why) {
  return fail(ErrorCode::kInvalid, "collections config: " + where + ": " + why);
}

// Reads the fields of one object as Go stores them in a struct: names in any case, unknown ones are
// ignored, null leaves a field as it was. Keeps the first error.
class StructReader {
 public:
  StructReader(const Value& object, std::string where)
      : object_(object), where_(std::move(where)) {}

  std::string text(const char* field) {
    const Value* value = find(field);
    if (value == nullptr) return {};
    if (!value->is_string()) return complain(field, "is not a string"), std::string();
    return value->get<std::string>();
  }

  std::uint64_t count(const char* field, std::uint64_t otherwise, std::uint64_t max) {
    const Value* value = find(field);
    if (value == nullptr) return otherwise;
    const auto whole = gojson::integer(*value);
    if (!whole || *whole < 0 || *whole > max) {
      complain(field, "is " + gojson::encode(*value) + ", not a whole number from 0 to " +
                          std::to_string(max));
      return otherwise;
    }
    return static_cast<std::uint64_t>(*whole);
  }

  bool flag(const char* field) {
    const Value* value = find(field);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return complain(field, "is not true or false"), false;
    return value->get<bool>();
  }

  // Null if the field is missing, or is not an object.
  const Value* object(const char* field) {
    const Value* value = find(field);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) return complain(field, "is not an object"), nullptr;
    return value;
  }

  Result<void> finish() {
    if (wrong_.empty()) return {};
    return invalid(where_, wrong_);
  }

  void complain(const std::string& field, const std::string& why) {
    if (wrong_.empty()) wrong_ = field + " " + why;
  }

 private:
  const Value* find(const char* field) const {
    const Value* value = gojson::member_of_any_case(object_, field);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  const Value& object_;
  const std::string where_;
  std::string wrong_;
};

Result<void> read_endorsement_policy(const Value& policy, const std::string& where,
                                     ccbus::CollectionConfig& collection) {
  StructReader reader(policy, where + ": endorsementPolicy");
  const std::string signature = reader.text("signaturePolicy");
  const std::string reference = reader.text("channelConfigPolicy");
  if (auto read = reader.finish(); !read) return read;
  if (signature.empty() && reference.empty()) return {};  // As if it were not there.
  auto made = ledger::make_application_policy(signature, reference);
  if (!made) return invalid(where, "invalid endorsement policy: " + made.error().message);
  *collection.mutable_endorsement_policy() = std::move(*made);
  return {};
}

Result<ccbus::CollectionConfig> parse_collection(const Value& entry, std::size_t position) {
  const std::string entry_name = "entry " + std::to_string(position);
  if (!entry.is_object()) return invalid(entry_name, "is not an object");
  const Value* const name = gojson::member_of_any_case(entry, "name");
  const bool has_name = name != nullptr && name->is_string() && *name != "";
  const std::string where = has_name ? "collection '" + name->get<std::string>() + "'" : entry_name;
  StructReader reader(entry, where);
  constexpr std::uint64_t kPeersMax = std::numeric_limits<std::int32_t>::max();
  ccbus::CollectionConfig collection;
  collection.set_name(reader.text("name"));
  collection.set_policy(reader.text("policy"));
  collection.set_required_peer_count(
      static_cast<std::int32_t>(reader.count("requiredPeerCount", 0, kPeersMax)));
  collection.set_maximum_peer_count(
      static_cast<std::int32_t>(reader.count("maxPeerCount", 1, kPeersMax)));
  collection.set_block_to_live(
      reader.count("blockToLive", 0, std::numeric_limits<std::uint64_t>::max()));
  collection.set_member_only_read(reader.flag("memberOnlyRead"));
  collection.set_member_only_write(reader.flag("memberOnlyWrite"));
  const Value* const endorsement_policy = reader.object("endorsementPolicy");
  if (collection.name().empty()) reader.complain("name", "is missing");
  if (auto read = reader.finish(); !read) return unexpected(read.error());
  auto members = ledger::members_of(collection.policy());
  if (!members) return invalid(where, members.error().message);
  if (endorsement_policy != nullptr) {
    if (auto policy = read_endorsement_policy(*endorsement_policy, where, collection); !policy) {
      return unexpected(policy.error());
    }
  }
  return collection;
}

}  // namespace

Result<std::vector<ccbus::CollectionConfig>> parse_collections_config(std::string_view text) {
  const auto decoded = gojson::decode(text, gojson::kFile, gojson::kDepthMax);
  if (!decoded) return invalid("the file", "is not JSON: " + decoded.error().message);
  std::vector<ccbus::CollectionConfig> collections;
  if (decoded->value.is_null()) return collections;
  if (!decoded->value.is_array()) return invalid("the file", "is not a JSON array of collections");
  for (const Value& entry : decoded->value) {
    auto collection = parse_collection(entry, collections.size());
    if (!collection) return unexpected(collection.error());
    collections.push_back(std::move(*collection));
  }
  return collections;
}

}  // namespace ccbus::cli
