#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ccbus::test {

// What a real parser finds in XML text, flat: enough to look at a chart or a page.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // Of the element itself, without what is inside its children.

  [[nodiscard]] bool has_class(std::string_view name_of_class) const;
};

class XmlDocument {
 public:
  // Throws std::runtime_error with line and reason where it is not well-formed.
  explicit XmlDocument(const std::string& text);

  // In the order in which they begin.
  [[nodiscard]] const std::vector<XmlElement>& elements() const { return elements_; }
  [[nodiscard]] std::vector<XmlElement> named(std::string_view name) const;
  [[nodiscard]] std::vector<XmlElement> of_class(std::string_view name) const;
  // All text, one piece after the other.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<XmlElement> elements_;
};

}  // namespace ccbus::test
