#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {

// A field's name as queries and indexes write it: names joined by dots, each one a step further
// in; "\." is a dot within a name. A name that is a number also finds an array's item.
class FieldPath {
 public:
  // Errors: kInvalid naming the field, where a name is empty.
  [[nodiscard]] static Result<FieldPath> parse(std::string_view text);

  // As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }

  struct Step {
    std::string name;
    std::optional<std::size_t> position;
  };
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

  // The document's key, which is not in the document.
  [[nodiscard]] bool is_id() const { return steps_.size() == 1 && steps_[0].name == "_id"; }

  // Leads to the same place.
  [[nodiscard]] bool operator==(const FieldPath& other) const;

  struct Found {
    const Json* value;  // Null: there is none.
    // With null: every value on the way is an object, and the next name is not in it. Not so where
    // the way ends in something that has no members at all.
    bool is_absent;
  };
  [[nodiscard]] Found find(const Json& from) const;

 private:
  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace ccbus::ledger::mango
