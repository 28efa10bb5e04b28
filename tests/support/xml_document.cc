#include "tests/support/xml_document.h"

#include <expat.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace ccbus::test {
namespace {

struct Reading {
  std::vector<XmlElement> elements;
  std::vector<std::size_t> open;
};

void on_begin(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& reading = *static_cast<Reading*>(data);
  reading.open.push_back(reading.elements.size());
  XmlElement& element = reading.elements.emplace_back();
  element.name = name;
  for (; *attributes != nullptr; attributes += 2) element.attributes[attributes[0]] = attributes[1];
}

void on_end(void* data, const XML_Char*) {
  static_cast<Reading*>(data)->open.pop_back();
}

void on_text(void* data, const XML_Char* text, int size) {
  auto& reading = *static_cast<Reading*>(data);
  if (reading.open.empty()) return;
  reading.elements[reading.open.back()].text.append(text, static_cast<std::size_t>(size));
}

}  // namespace

bool XmlElement::has_class(std::string_view name_of_class) const {
  const auto found = attributes.find("class");
  if (found == attributes.end()) return false;
  return (" " + found->second + " ").find(" " + std::string(name_of_class) + " ") !=
         std::string::npos;
}

XmlDocument::XmlDocument(const std::string& text) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate("UTF-8"), &XML_ParserFree);
  Reading reading;
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_begin, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) !=
      XML_STATUS_OK) {
    throw std::runtime_error("line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) +
                             ": " + XML_ErrorString(XML_GetErrorCode(parser.get())));
  }
  elements_ = std::move(reading.elements);
}

std::vector<XmlElement> XmlDocument::named(std::string_view name) const {
  std::vector<XmlElement> found;
  std::ranges::copy_if(elements_, std::back_inserter(found),
                       [&](const XmlElement& element) { return element.name == name; });
  return found;
}

std::vector<XmlElement> XmlDocument::of_class(std::string_view name) const {
  std::vector<XmlElement> found;
  std::ranges::copy_if(elements_, std::back_inserter(found),
                       [&](const XmlElement& element) { return element.has_class(name); });
  return found;
}

std::string XmlDocument::text() const {
  std::string text;
  for (const XmlElement& element : elements_) text += element.text + "\n";
  return text;
}

}  // namespace ccbus::test
