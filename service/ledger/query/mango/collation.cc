#include "service/ledger/query/mango/collation.h"

#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "service/base/assert.h"
#include "service/base/gojson/number.h"
#include "service/base/gojson/walk.h"

namespace ccbus::ledger::mango {
namespace {

// A sort key's first byte says the kind. Below all of them: the end of an array or an object.
constexpr char kEnd = 0x01;
constexpr char kIdEnd = 0x00;
constexpr char kNull = 0x10, kFalse = 0x20, kTrue = 0x30, kNumber = 0x40, kString = 0x50,
               kArray = 0x60, kObject = 0x70;

char kind(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean: return value.get<bool>() ? kTrue : kFalse;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
    case Json::value_t::binary: return kNumber;
    case Json::value_t::string: return kString;
    case Json::value_t::array: return kArray;
    case Json::value_t::object: return kObject;
    default: return kNull;
  }
}

UCollator* open_root() {
  UErrorCode status = U_ZERO_ERROR;
  UCollator* const opened = ucol_open("", &status);
  CCBUS_ASSERT(U_SUCCESS(status));
  return opened;
}

// Opened before main and never changed, which ICU allows any number of threads to use. Never
// closed: other threads may still sort while the process ends.
const UCollator* const kRoot = open_root();

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

int compare_strings(const std::string& a, const std::string& b) {
  if (a == b) return 0;
  UErrorCode status = U_ZERO_ERROR;
  const UCollationResult result =
      ucol_strcollUTF8(kRoot, a.data(), static_cast<std::int32_t>(a.size()), b.data(),
                       static_cast<std::int32_t>(b.size()), &status);
  CCBUS_ASSERT(U_SUCCESS(status));
  return result;
}

template <class T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int compare_arrays(const Json::array_t& a, const Json::array_t& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int result = compare(a[i], b[i]); result != 0) return result;
  }
  return order(a.size(), b.size());
}

using Members = Json::object_t::Container;  // An object by position, not by name.

int compare_objects(const Members& a, const Members& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int result = compare_strings(a[i].first, b[i].first); result != 0) return result;
    if (const int result = compare(a[i].second, b[i].second); result != 0) return result;
  }
  return order(a.size(), b.size());
}

void append_number(std::string& out, const Json& value) {
  const gojson::Number parts = gojson::number(value);
  auto bits = std::bit_cast<std::uint64_t>(parts.nearest);
  // Negative fractions sort backwards as bits, and after the positive ones.
  bits = (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
  const auto rest = static_cast<std::uint32_t>(parts.rest) ^ 0x80000000;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(rest >> shift));
}

// ICU's key ends with a NUL and has none before it.
void append_string(std::string& out, const std::string& text) {
  out.push_back(kString);
  std::array<UChar, 256> short_text;
  std::vector<UChar> long_text;
  UChar* utf16 = short_text.data();
  if (text.size() > short_text.size()) {
    long_text.resize(text.size());
    utf16 = long_text.data();
  }
  std::int32_t units = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8WithSub(utf16, static_cast<std::int32_t>(std::max(text.size(), short_text.size())),
                       &units, text.data(), static_cast<std::int32_t>(text.size()), 0xfffd, nullptr,
                       &status);
  CCBUS_ASSERT(U_SUCCESS(status));
  const std::size_t begin = out.size();
  out.resize(begin + 3 * text.size() + 16);
  const auto room = static_cast<std::int32_t>(out.size() - begin);
  auto bytes = static_cast<std::size_t>(ucol_getSortKey(
      kRoot, utf16, units, reinterpret_cast<std::uint8_t*>(out.data() + begin), room));
  out.resize(begin + bytes);
  if (bytes > static_cast<std::size_t>(room)) {
    ucol_getSortKey(kRoot, utf16, units, reinterpret_cast<std::uint8_t*>(out.data() + begin),
                    static_cast<std::int32_t>(bytes));
  }
}

}  // namespace

int compare(const Json& a, const Json& b) {
  const char of_a = kind(a), of_b = kind(b);
  if (of_a != of_b) return order(of_a, of_b);
  switch (of_a) {
    case kNumber: return gojson::compare_numbers(a, b);
    case kString:
      return compare_strings(a.get_ref<const std::string&>(), b.get_ref<const std::string&>());
    case kArray:
      return compare_arrays(a.get_ref<const Json::array_t&>(), b.get_ref<const Json::array_t&>());
    case kObject:
      return compare_objects(a.get_ref<const Json::object_t&>(),
                             b.get_ref<const Json::object_t&>());
    default: return 0;
  }
}

bool is_same_term(const Json& a, const Json& b, Numbers numbers) {
  if (kind(a) != kind(b)) return false;
  switch (kind(a)) {
    case kNumber:
      return gojson::compare_numbers(a, b) == 0 &&
             (numbers == Numbers::kByValue || gojson::is_integer(a) == gojson::is_integer(b));
    case kString: return a.get_ref<const std::string&>() == b.get_ref<const std::string&>();
    case kArray:
      return std::equal(
          a.begin(), a.end(), b.begin(), b.end(),
          [numbers](const Json& x, const Json& y) { return is_same_term(x, y, numbers); });
    case kObject: {
      const Members &x = a.get_ref<const Json::object_t&>(),
                    &y = b.get_ref<const Json::object_t&>();
      return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                        [numbers](const auto& p, const auto& q) {
                          return p.first == q.first && is_same_term(p.second, q.second, numbers);
                        });
    }
    default: return true;
  }
}

bool equal(const Json& a, const Json& b) {
  if (a.is_string() && b.is_string()) {
    const auto &x = a.get_ref<const std::string&>(), &y = b.get_ref<const std::string&>();
    // Printable ASCII is equal to nothing but itself; asking ICU costs ten times as much.
    if (is_plain(x) && is_plain(y)) return x == y;
  }
  return compare(a, b) == 0;
}

void append_sort_key(std::string& out, const Json& value) {
  const auto begin = [&out](const Json& one, const gojson::Place& place) {
    if (place.name != nullptr) append_string(out, *place.name);
    const char of_one = kind(one);
    if (of_one == kString) return append_string(out, one.get_ref<const std::string&>());
    out.push_back(of_one);
    if (of_one == kNumber) append_number(out, one);
  };
  gojson::walk(value, begin, [&out](const Json&) { out.push_back(kEnd); });
}

void append_id_sort_key(std::string& out, std::string_view id) {
  out.push_back(kString);
  for (const char byte : id) {
    out.push_back(byte);
    if (byte == kIdEnd) out.push_back(static_cast<char>(0xff));
  }
  out.push_back(kIdEnd);
  out.push_back(kIdEnd);
}

std::string after_prefix(std::string prefix) {
  while (prefix.back() == '\xff') prefix.pop_back();
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::string collation_version() {
  UVersionInfo version;
  ucol_getVersion(kRoot, version);
  std::array<char, U_MAX_VERSION_STRING_LENGTH> text{};
  u_versionToString(version, text.data());
  return text.data();
}

}  // namespace ccbus::ledger::mango
