#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {

// A field's name as queries and indexes write it: names joined by dots, one for each level; "\." is
// a dot within a name. A number also names an item of an array.
class FieldPath {
 public:
  // Errors: kInvalid with the field if a name is empty.
  [[nodiscard]] static Result<FieldPath> parse(std::string_view text);

  // The path that goes on from where this one leads.
  [[nodiscard]] FieldPath joined(const FieldPath& below) const;

  // As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }

  struct Step {
    std::string name;
    std::optional<std::size_t> position;
  };
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

  // The document's key, which is not in the document.
  [[nodiscard]] bool is_id() const { return steps_.size() == 1 && steps_[0].name == "_id"; }

  // Whether both name the same field.
  [[nodiscard]] bool operator==(const FieldPath& other) const;

  struct Found {
    const Json* value;  // Null: the field does not exist.
    // If `value` is null: true if a name is missing in an object, false if the path leads into a
    // value that has no members.
    bool is_absent;
  };
  [[nodiscard]] Found find(const Json& from) const;

 private:
  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace ccbus::ledger::mango
