#include "service/ledger/query/mango/bookmark.h"

#include <array>
#include <cstdint>
#include <utility>

#include "service/base/hex.h"
#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {
namespace {

constexpr char kBookmarkLayout = '1';

unexpected<Error> invalid(std::string_view text) {
  return couch_error("invalid_bookmark",
                     "Invalid bookmark value: \"" + std::string(text.substr(0, 120)) + "\"");
}

}  // namespace

std::string Bookmark::text() const {
  return std::string(1, kBookmarkLayout) + "-" + to_hex(index_id) + "-" + to_hex(sort_key) + "-" +
         to_hex(key);
}

Result<std::optional<Bookmark>> Bookmark::parse(std::string_view text) {
  if (text.empty() || text == "nil") return std::nullopt;
  if (text.size() < 2 || text[0] != kBookmarkLayout || text[1] != '-') return invalid(text);
  std::array<std::string, 3> parts;
  std::string_view rest = text.substr(2);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? rest.find('-') : rest.size();
    if (end == std::string_view::npos) return invalid(text);
    auto bytes = from_hex(rest.substr(0, end));
    if (!bytes) return invalid(text);
    parts[i] = std::move(*bytes);
    if (i + 1 < parts.size()) rest.remove_prefix(end + 1);
  }
  return Bookmark{std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
}

}  // namespace ccbus::ledger::mango
