#include "service/config/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "service/base/assert.h"

namespace ccbus {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::string nearest_name(std::string_view unknown, const std::vector<std::string>& known) {
  CCBUS_ASSERT(!known.empty());
  const auto distance = [wanted = lower(unknown)](const std::string& name) {
    const std::string other = lower(name);
    const bool is_beginning = !wanted.empty() && other.starts_with(wanted);
    return std::pair(!is_beginning, edit_distance(wanted, other));
  };
  return *std::ranges::min_element(known, {}, distance);
}

}  // namespace ccbus
