#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "bindings/cpp/src/transport/backoff.h"
#include "bindings/cpp/src/transport/dealer.h"
#include "bindings/cpp/src/transport/utf8.h"

using namespace ccbus::transport;
using namespace std::chrono_literals;
using namespace std::string_literals;

TEST_CASE("an address is host:port or an endpoint with its scheme", "[shim]") {
  CHECK(parse_endpoint("localhost:7052") == "tcp://localhost:7052");
  CHECK(parse_endpoint("tcp://[::1]:7052") == "tcp://[::1]:7052");
  CHECK(parse_endpoint("ipc:///run/ccbus") == "ipc:///run/ccbus");
  const auto wrong = GENERATE("", "localhost", "localhost:", ":7052", "tcp://", "localhost:port");
  CHECK_THROWS_AS(parse_endpoint(wrong), std::invalid_argument);
}

TEST_CASE("a back-off doubles up to its bound, shortened by at most a half", "[shim]") {
  Backoff backoff(50ms, 2'000ms, 1);
  for (const auto longest : {50ms, 100ms, 200ms, 400ms, 800ms, 1'600ms, 2'000ms, 2'000ms}) {
    const auto delay = backoff.next();
    CHECK(delay <= longest);
    CHECK(delay >= longest / 2);
  }
  backoff.reset();
  CHECK(backoff.next() <= 50ms);
}

TEST_CASE("UTF-8 is told from bytes as the Unicode standard does", "[shim]") {
  for (const auto& text : {""s, "a\0b"s, "\xc2\x80"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s,
                           "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s})
    CHECK(is_utf8(text));
  for (const auto& bytes : {"\x80"s, "\xc0\x80"s, "\xc2"s, "\xc2\x41"s, "\xe0\x9f\xbf"s,
                            "\xed\xa0\x80"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s,
                            "\xf5\x80\x80\x80"s, "\xe2\x82"s, "\xf0\x90\x80\x41"s, "a\xff"s})
    CHECK_FALSE(is_utf8(bytes));
}

TEST_CASE("a poll's timeout is rounded up, so that it never spins before a deadline", "[shim]") {
  CHECK(poll_timeout(1us) == 1ms);
  CHECK(poll_timeout(2ms) == 2ms);
  CHECK(poll_timeout(-5ms) == 0ms);
}
