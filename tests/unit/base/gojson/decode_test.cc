#include "service/base/gojson/decode.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/base/gojson/encode.h"

using namespace ccbus;
using namespace ccbus::gojson;

namespace {

std::string decoded(const std::string& text, const Decoding& how = kDocument) {
  const auto read = decode(text, how, kDepthMax);
  return read ? encode(read->value) : read.error().message;
}

bool has_replacements(const std::string& text) {
  const auto read = decode(text, kDocument, kDepthMax);
  REQUIRE(read);
  return read->has_replacements;
}

}  // namespace

TEST_CASE("bytes that are no UTF-8 become one U+FFFD each", "[gojson][row-158]") {
  CHECK(decoded("\"a\xff\"") == "\"a\xef\xbf\xbd\"");
  CHECK(decoded("\"\xe2\x82\"") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");                  // Cut off.
  CHECK(decoded("\"\xc0\x80\"") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");                  // Overlong.
  CHECK(decoded("\"\xed\xa0\x80\"") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // A surrogate.
  CHECK(decoded("\"\xf4\x90\x80\x80\"") ==
        "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // Beyond U+10FFFF.
  CHECK(decoded("\"\xf0\x9f\x98\x80\"") == "\"\xf0\x9f\x98\x80\"");
  CHECK(decoded("{\"k\xff\":1}") == "{\"k\xef\xbf\xbd\":1}");
  CHECK(has_replacements("\"\xff\""));
  CHECK_FALSE(has_replacements("\"\xef\xbf\xbd\""));
}

TEST_CASE("half a surrogate pair becomes U+FFFD, and what follows stays", "[gojson][row-158]") {
  CHECK(decoded(R"("\ud83d")") == "\"\xef\xbf\xbd\"");
  CHECK(decoded(R"("\ude00x")") == "\"\xef\xbf\xbdx\"");
  CHECK(decoded(R"("\ud83d\ude00")") == "\"\xf0\x9f\x98\x80\"");
  CHECK(decoded(R"("\ud83d\ud83d\ude00")") == "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"");
  CHECK(decoded(R"("\ude00\ud83d")") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(decoded(R"("\ud83d\u0041")") ==
        "\"\xef\xbf\xbd"
        "A\"");
  CHECK(decoded(R"("\ud83d\n")") == "\"\xef\xbf\xbd\\n\"");
  CHECK(has_replacements(R"("\ud83d")"));
  CHECK_FALSE(has_replacements(R"("\ud83d\ude00")"));
}

TEST_CASE("the names of an object are sorted, and the last of one name counts",
          "[gojson][row-159][row-160]") {
  CHECK(decoded(R"({"b":1,"a":2})") == R"({"a":2,"b":1})");
  CHECK(decoded(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
  CHECK(decoded(R"({"x":{"b":1,"a":{"d":1,"c":2}}})") == R"({"x":{"a":{"c":2,"d":1},"b":1}})");
  CHECK(decoded(R"({"a":{"x":1},"a":{"y":2}})") == R"({"a":{"y":2}})");
  CHECK(decoded(R"({"a":1,"\u0061":2})") == R"({"a":2})");
  CHECK(decoded(R"({"B":1,"a":1,"_":1,"é":1,"z":1})") == R"({"B":1,"_":1,"a":1,"z":1,"é":1})");
  CHECK(decoded(R"({"b":1,"a":2,"b":3})", kFile) == R"({"b":1,"a":2,"b":3})");
}

TEST_CASE("a document is the whole text, a query its first value", "[gojson][row-162]") {
  CHECK(decoded("{} x") == "invalid character 'x' after top-level value");
  CHECK(decoded("{}{}") == "invalid character '{' after top-level value");
  CHECK(decoded(" {} \r\n\t") == "{}");
  CHECK(decoded("{} x", kQuery) == "{}");
  CHECK(decoded("{}{\"a\"", kQuery) == "{}");
  CHECK(decoded("[1]]", kQuery) == "[1]");
}

TEST_CASE("numbers are float64 in a document, and stay as written in a query", "[gojson]") {
  CHECK(decoded("[2.0,1e3,9007199254740993]") == "[2,1000,9007199254740992]");
  CHECK(decoded("[2,9007199254740993,18446744073709551616]", kQuery) ==
        "[2,9007199254740993,18446744073709551616]");
  CHECK(decoded("1e400") == "json: cannot unmarshal number 1e400 into Go value of type float64");
  CHECK(decoded("[1e400,") == "unexpected end of JSON input");
}

TEST_CASE("what is no JSON for Go is refused in its words", "[gojson]") {
  CHECK(decoded("") == "unexpected end of JSON input");
  CHECK(decoded("{\"a\":") == "unexpected end of JSON input");
  CHECK(decoded("", kQuery) == "EOF");
  CHECK(decoded("  ", kQuery) == "EOF");
  CHECK(decoded("{\"a\":", kQuery) == "unexpected EOF");
  CHECK(decoded("x") == "invalid character 'x' looking for beginning of value");
  CHECK(decoded("\xef\xbb\xbf{}") == "invalid character 'ï' looking for beginning of value");
  CHECK(decoded("{a:1}") == "invalid character 'a' looking for beginning of object key string");
  CHECK(decoded("{\"a\":1,}") ==
        "invalid character '}' looking for beginning of object key string");
  CHECK(decoded("{\"a\" 1}") == "invalid character '1' after object key");
  CHECK(decoded("{\"a\":1 \"b\"}") == "invalid character '\"' after object key:value pair");
  CHECK(decoded("[1 2]") == "invalid character '2' after array element");
  CHECK(decoded("[1,]") == "invalid character ']' looking for beginning of value");
  CHECK(decoded("'a'") == "invalid character '\\'' looking for beginning of value");
  CHECK(decoded("01") == "invalid character '1' after top-level value");
  CHECK(decoded("-x") == "invalid character 'x' in numeric literal");
  CHECK(decoded("1.x") == "invalid character 'x' after decimal point in numeric literal");
  CHECK(decoded("1e+x") == "invalid character 'x' in exponent of numeric literal");
  CHECK(decoded("trux") == "invalid character 'x' in literal true (expecting 'e')");
  CHECK(decoded("nil") == "invalid character 'i' in literal null (expecting 'u')");
  CHECK(decoded("\"\n\"") == "invalid character '\\n' in string literal");
  CHECK(decoded(std::string("\"\0\"", 3)) == "invalid character '\\x00' in string literal");
  CHECK(decoded("{}" + std::string(1, '\0')) == "invalid character '\\x00' after top-level value");
  CHECK(decoded(R"("\x")") == "invalid character 'x' in string escape code");
  CHECK(decoded(R"("\u12x4")") == "invalid character 'x' in \\u hexadecimal character escape");
}

TEST_CASE("values are nested up to Go's limit, and not beyond", "[gojson][row-176]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(decode(nested(kDepthMax), kDocument, kDepthMax));
  const auto deeper = decode(nested(kDepthMax + 1), kDocument, kDepthMax);
  REQUIRE_FALSE(deeper);
  CHECK(deeper.error().code == ErrorCode::kExhausted);
  CHECK(deeper.error().message == "exceeded max depth");
  CHECK_FALSE(decode(std::string(1'000'000, '['), kDocument, kDepthMax));
}

TEST_CASE("objects as deep as Go allows are sorted at each level", "[gojson][row-176]") {
  std::string text, sorted;
  for (std::size_t i = 0; i < kDepthMax - 1; ++i) {
    text += R"({"c":1,"b":)";
    sorted += R"({"a":2,"b":)";
  }
  text += "{}";
  sorted += "{}";
  for (std::size_t i = 0; i < kDepthMax - 1; ++i) {
    text += R"(,"a":2})";
    sorted += R"(,"c":1})";
  }
  CHECK(decoded(text) == sorted);
}

TEST_CASE("a struct's field takes a member in any case, the last one of several", "[gojson]") {
  const auto object = decode(R"({"Name":"a","NAME":"b","x":1})", kFile, kDepthMax);
  REQUIRE(object);
  CHECK(*member_of_any_case(object->value, "name") == "b");
  CHECK(member_of_any_case(object->value, "nam") == nullptr);
  const auto folded =
      decode("{\"bloc\xe2\x84\xaaToLive\":1,\"member\xc5\xbf\":2}", kFile, kDepthMax);
  REQUIRE(folded);
  CHECK(*member_of_any_case(folded->value, "blockToLive") == 1);
  CHECK(*member_of_any_case(folded->value, "members") == 2);
}
