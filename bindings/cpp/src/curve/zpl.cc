#include "bindings/cpp/src/curve/zpl.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ccbus::curve {
namespace {

constexpr std::size_t kIndent = 4;

[[noreturn]] void refuse(std::size_t line, const std::string& why) {
  throw std::invalid_argument("line " + std::to_string(line) + ": " + why);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

bool is_name_character(char c) {
  const bool is_alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_alphanumeric || std::string_view("$-_@.&+/").find(c) != std::string_view::npos;
}

std::string_view without_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);  // npos + 1 is 0.
}

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// What stands behind the "=".
std::string value_of(std::string_view text, std::size_t line) {
  text = without_blanks_before(text);
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
    return std::string(without_blanks_behind(text.substr(0, text.find('#'))));
  }
  const auto end = text.find(text.front(), 1);
  if (end == std::string_view::npos) refuse(line, "the value has no quote at its end");
  const std::string_view rest = without_blanks_before(text.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') refuse(line, "something stands behind the value");
  return std::string(text.substr(1, end - 1));
}

}  // namespace

std::map<std::string, std::string> parse_zpl(std::string_view text) {
  std::map<std::string, std::string> values;
  std::vector<std::string> places;  // Of the properties that the next line may belong to.
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (std::any_of(content.begin(), content.end(), is_control))
      refuse(line, "a tab or another control character");
    const std::string_view property = without_blanks_before(content);
    if (property.empty() || property.front() == '#') continue;
    const std::size_t blanks = content.size() - property.size();
    if (blanks % kIndent != 0 || blanks / kIndent > places.size())
      refuse(line, "indented by " + std::to_string(blanks) + " blanks");
    places.resize(blanks / kIndent);

    const auto name_end = std::min(property.find_first_of(" =#"), property.size());
    const std::string_view name = property.substr(0, name_end);
    if (!is_zpl_name(name)) refuse(line, "no name at its beginning");
    places.push_back(places.empty() ? std::string(name) : places.back() + "/" + std::string(name));
    const std::string_view rest = without_blanks_before(property.substr(name_end));
    if (!rest.empty() && rest.front() != '=' && rest.front() != '#')
      refuse(line, "no '=' behind the name");
    const bool has_value = rest.starts_with('=');
    const std::string value = has_value ? value_of(rest.substr(1), line) : std::string();
    if (has_value && !values.emplace(places.back(), value).second)
      refuse(line, "'" + places.back() + "' is given twice");
  }
  return values;
}

bool is_zpl_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_character);
}

std::string quote_zpl(std::string_view value) {
  const char quote = value.find('"') == std::string_view::npos ? '"' : '\'';
  if (value.find(quote) != std::string_view::npos ||
      std::any_of(value.begin(), value.end(), is_control))
    throw std::invalid_argument(
        "a value of a certificate may have neither both kinds of quotes nor control characters");
  return quote + std::string(value) + quote;
}

}  // namespace ccbus::curve
