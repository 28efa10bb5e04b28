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
    case Json::value_t::number_float: return kNumber;
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

// A number as the nearest fraction of 64 bits and what is missing from it: sorts exactly.
struct Number {
  double nearest;
  std::int16_t rest;
};

std::uint64_t modulo_2_64(double integer) {
  if (integer >= 0x1p64) return 0;
  if (integer >= 0x1p63) return static_cast<std::uint64_t>(integer);
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(integer));
}

template <class Int>
Number split(Int integer) {
  const auto nearest = static_cast<double>(integer);
  const std::uint64_t rest = static_cast<std::uint64_t>(integer) - modulo_2_64(nearest);
  return {nearest, static_cast<std::int16_t>(rest)};
}

Number number(const Json& value) {
  if (value.is_number_unsigned()) return split(value.get<std::uint64_t>());
  if (value.is_number_integer()) return split(value.get<std::int64_t>());
  return {value.get<double>() + 0.0, 0};  // -0.0 is 0.
}

template <class T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int compare_numbers(const Json& a, const Json& b) {
  const Number x = number(a), y = number(b);
  return x.nearest != y.nearest ? order(x.nearest, y.nearest) : order(x.rest, y.rest);
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
  const Number parts = number(value);
  auto bits = std::bit_cast<std::uint64_t>(parts.nearest);
  // Negative fractions sort backwards as bits, and after the positive ones.
  bits = (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
  const auto rest = static_cast<std::uint16_t>(parts.rest + 0x8000);
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
  out.push_back(static_cast<char>(rest >> 8));
  out.push_back(static_cast<char>(rest));
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
    case kNumber: return compare_numbers(a, b);
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

bool equal(const Json& a, const Json& b) {
  if (a.is_string() && b.is_string()) {
    const auto &x = a.get_ref<const std::string&>(), &y = b.get_ref<const std::string&>();
    // Printable ASCII is equal to nothing but itself; asking ICU costs ten times as much.
    if (is_plain(x) && is_plain(y)) return x == y;
  }
  return compare(a, b) == 0;
}

void append_sort_key(std::string& out, const Json& value) {
  const char of_value = kind(value);
  if (of_value == kString) return append_string(out, value.get_ref<const std::string&>());
  out.push_back(of_value);
  if (of_value == kNumber) {
    append_number(out, value);
  } else if (of_value == kArray) {
    for (const Json& item : value) append_sort_key(out, item);
    out.push_back(kEnd);
  } else if (of_value == kObject) {
    for (const auto& [name, item] : value.get_ref<const Json::object_t&>()) {
      append_string(out, name);
      append_sort_key(out, item);
    }
    out.push_back(kEnd);
  }
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
