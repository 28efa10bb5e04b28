#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ccbus::test {

// An element of an XML document, without its position in the tree. Enough for tests of charts and
// pages.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // The text of the element itself, without that of its children.

  [[nodiscard]] bool has_class(std::string_view name_of_class) const;
};

class XmlDocument {
 public:
  // Throws std::runtime_error with line and reason if the text is not well-formed.
  explicit XmlDocument(const std::string& text);

  // All elements in the order of their start tags.
  [[nodiscard]] const std::vector<XmlElement>& elements() const { return elements_; }
  [[nodiscard]] std::vector<XmlElement> named(std::string_view name) const;
  [[nodiscard]] std::vector<XmlElement> of_class(std::string_view name) const;
  // The text of all elements, concatenated.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<XmlElement> elements_;
};

}  // namespace ccbus::test
