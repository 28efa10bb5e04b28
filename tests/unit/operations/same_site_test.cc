#include "service/operations/same_site.h"

#include <catch2/catch.hpp>

namespace ccbus::operations {
namespace {

std::optional<std::string> why_foreign(std::vector<std::string> hosts,
                                       std::vector<std::string> origins = {}) {
  const SameSite site("192.0.2.7", {"ccbus", "Ops.Example.com"});
  HttpRequest request;
  request.hosts = std::move(hosts);
  request.origins = std::move(origins);
  request.local_address = "198.51.100.9";
  return site.why_foreign(request);
}

TEST_CASE("a request for this service by one of its names is not foreign", "[operations]") {
  const std::string host =
      GENERATE("localhost", "LocalHost:9443", "127.0.0.1:9443", "127.8.8.8", "[::1]:9443", "[::1]",
               "192.0.2.7:9443", "198.51.100.9:9443", "ccbus:9443", "ops.example.com");
  CHECK_FALSE(why_foreign({host}));
  CHECK_FALSE(why_foreign({host}, {"http://" + host}));
  CHECK_FALSE(why_foreign({host}, {"https://" + host}));
}

TEST_CASE("a name that points here and is not ours is foreign", "[operations][issue-13]") {
  const std::string host = GENERATE("evil.example", "evil.example:9443", "localhost.evil.example",
                                    "127.0.0.1.evil.example", "ccbus.", "198.51.100.10", "", "[::1",
                                    "[::1]x", "[::2]", "0.0.0.0");
  CHECK_THAT(why_foreign({host}).value_or("accepted"),
             Catch::Contains("the header Host is '" + host + "'"));
}

TEST_CASE("one foreign Host of several is enough", "[operations][issue-13]") {
  CHECK(why_foreign({"localhost", "evil.example"}));
  CHECK(why_foreign({"evil.example", "localhost"}));
}

TEST_CASE("a page of another site or port is foreign", "[operations][issue-13]") {
  const std::string origin = GENERATE("http://evil.example", "null", "http://localhost:3000",
                                      "http://localhost", "file://", "http://localhost:9443.evil");
  CHECK_THAT(why_foreign({"localhost:9443"}, {origin}).value_or("accepted"),
             Catch::Contains("the header Origin is '" + origin + "'"));
  CHECK(why_foreign({"localhost:9443"}, {"http://localhost:9443", origin}));
}

TEST_CASE("the value of a foreign header is printable and cut in the reason",
          "[operations][issue-13]") {
  CHECK_THAT(*why_foreign({"\x1b[2J\xff.example"}), Catch::Contains("'\\x1b[2J\\xff.example'"));
  CHECK(why_foreign({std::string(10'000, 'a')})->size() < 300);
}

TEST_CASE("a client that sends neither header is no browser", "[operations]") {
  CHECK_FALSE(why_foreign({}));
  CHECK(why_foreign({}, {"http://evil.example"}));
}

}  // namespace
}  // namespace ccbus::operations
