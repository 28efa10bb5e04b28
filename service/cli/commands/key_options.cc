#include "service/cli/commands/key_options.h"

#include <CLI/CLI.hpp>
#include <span>

#include "ccbus/shim/composite_key.h"
#include "ccbus/shim/error.h"
#include "service/cli/json/base64.h"

namespace ccbus::cli {
namespace {

constexpr const char* kLastCharacter = "\xf4\x8f\xbf\xbf";  // U+10FFFF, as Fabric ends such ranges.

CLI::Option* add_composite(CLI::App& command, std::vector<std::string>& parts, const char* help) {
  return command.add_option("--composite", parts, help)->type_name("TYPE ATTRIBUTE");
}

Result<std::string> make_composite_key(const std::vector<std::string>& parts) {
  try {
    return shim::create_composite_key(parts.front(), std::span(parts).subspan(1));
  } catch (const shim::Error& error) {
    return fail(ErrorCode::kInvalid, std::string("--composite: ") + error.what());
  }
}

}  // namespace

void KeyOptions::add_to(CLI::App& command) {
  CLI::Option* const key = command.add_option("key", simple, "The key");
  add_composite(command, composite, "Instead of a key: a composite key's type and attributes")
      ->excludes(key);
}

Result<std::string> KeyOptions::key() const {
  if (!composite.empty()) return make_composite_key(composite);
  if (!simple.empty()) return simple;
  return fail(ErrorCode::kInvalid, "a key or --composite is required");
}

void RangeOptions::add_to(CLI::App& command) {
  CLI::Option* const start = command.add_option("--start", bounds.start, "The first key");
  CLI::Option* const end = command.add_option("--end", bounds.end, "The key to end before");
  add_composite(command, composite,
                "Instead of bounds: the composite keys with this type and these first attributes")
      ->excludes(start)
      ->excludes(end);
}

Result<RangeOptions::Bounds> RangeOptions::range() const {
  if (composite.empty()) return bounds;
  const auto prefix = make_composite_key(composite);
  if (!prefix) return unexpected(prefix.error());
  return Bounds{*prefix, *prefix + kLastCharacter};
}

void BookmarkOptions::add_to(CLI::App& command) {
  CLI::Option* const plain =
      command.add_option("--bookmark", text, "The bookmark of the previous page");
  command
      .add_option("--bookmark-base64", base64,
                  "The same in base64, as it is printed if it is no plain text")
      ->excludes(plain);
}

Result<std::string> BookmarkOptions::bookmark() const {
  if (base64.empty()) return text;
  auto decoded = decode_base64(base64);
  if (!decoded) return fail(ErrorCode::kInvalid, "--bookmark-base64: not base64");
  return *decoded;
}

}  // namespace ccbus::cli
