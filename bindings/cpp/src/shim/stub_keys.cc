#include "bindings/cpp/src/shim/stub_keys.h"

#include "bindings/cpp/src/transport/utf8.h"
#include "ccbus/shim/error.h"

namespace ccbus::shim {
namespace {

// The smallest simple key: a scan without a lower bound begins here, which skips composite keys.
constexpr std::string_view kFirstSimpleKey = "\x01";

// Makes U+0000 visible, at which the text of an exception would end.
std::string visible(std::string_view key) {
  std::string text;
  for (const char c : key) text += c == '\0' ? std::string("\\0") : std::string(1, c);
  return text;
}

}  // namespace

void require_utf8(std::string_view text, const char* what) {
  if (!transport::is_utf8(text)) throw Error(std::string(what) + " is not UTF-8");
}

void require_key(std::string_view key) {
  require_utf8(key, "the key");
}

void require_new_key(std::string_view key) {
  if (key.empty()) throw Error("key must not be an empty string");
  require_key(key);
}

void require_collection(std::string_view name) {
  if (name.empty()) throw Error("collection must not be an empty string");
  require_utf8(name, "the collection");
}

protos::GetStateByRange simple_range(std::string_view start, std::string_view end) {
  for (const std::string_view key : {start, end}) {
    require_key(key);
    if (!key.empty() && key.front() == '\0')
      throw Error("first character of the key [" + visible(key) +
                  "] contains a null character which is not allowed");
  }
  protos::GetStateByRange range;
  range.set_startkey(std::string(start.empty() ? kFirstSimpleKey : start));
  range.set_endkey(std::string(end));
  return range;
}

}  // namespace ccbus::shim
