#include "service/base/gojson/encode.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/base/gojson/decode.h"

using namespace ccbus::gojson;

namespace {

std::string encoded(const std::string& text) {
  const auto decoded = decode(text, kDocument, kDepthMax);
  return decoded ? encode(decoded->value) : decoded.error().message;
}

}  // namespace

TEST_CASE("a value is written as Go's Marshal writes it", "[gojson]") {
  CHECK(encoded(R"( { "b" : [ 1 , true , null ] , "a" : { } } )") ==
        R"({"a":{},"b":[1,true,null]})");
  CHECK(encoded("[]") == "[]");
  CHECK(encoded(R"([[],{"x":[]},[[2]]])") == R"([[],{"x":[]},[[2]]])");
  CHECK(encoded("\"\xc3\xa4\"") == "\"\xc3\xa4\"");
  CHECK(encoded(R"("\/\"\\\b\f\n\r\t\u0001")") == R"("/\"\\\b\f\n\r\t\u0001")");
  CHECK(encoded(R"("<a href='x'>&</a>")") == R"("\u003ca href='x'\u003e\u0026\u003c/a\u003e")");
  CHECK(encoded("\"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\"") == "\"\\u2028\\u2029\xe2\x80\xaa\"");
  CHECK(encoded(R"({"<":1})") == R"({"\u003c":1})");
}

TEST_CASE("a value as deep as Go allows is written", "[gojson]") {
  const std::string deep = std::string(kDepthMax, '[') + std::string(kDepthMax, ']');
  CHECK(encoded(deep) == deep);
}
