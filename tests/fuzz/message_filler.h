#pragma once

#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <string_view>

#include "tests/fuzz/input.h"

namespace ccbus::fuzz {

// Fills protobuf messages of any type from an input, so that every input gives a message that can
// be decoded. Texts are often one of `words`: the names that mean something to the target.
//
// Lifetime: the words outlive the filler.
class MessageFiller {
 public:
  explicit MessageFiller(std::span<const std::string_view> words) : words_(words) {}

  // Sets up to kFieldsMax fields, some of them more than once, and fills inner messages to
  // kDepthMax levels.
  void fill(google::protobuf::Message& message, Input& input) const { fill(message, input, 0); }

  // One of the words, or a text of the input; for fields of type string.
  [[nodiscard]] std::string word(Input& input) const;

 private:
  static constexpr int kFieldsMax = 12;
  static constexpr int kDepthMax = 6;

  void fill(google::protobuf::Message& message, Input& input, int depth) const;
  void set(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
           Input& input, int depth) const;
  [[nodiscard]] std::string text_of(const google::protobuf::FieldDescriptor& field,
                                    Input& input) const;

  std::span<const std::string_view> words_;
};

}  // namespace ccbus::fuzz
