#include "service/operations/endpoint.h"

#include <httplib.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "service/operations/service_routes.h"
#include "tests/support/fake_watched.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::operations {
namespace {

using nlohmann::json;

struct Rig {
  httplib::Result get(const std::string& path) {
    auto answer = httplib::Client(endpoint.url()).Get(path);
    REQUIRE(answer);
    return answer;
  }
  httplib::Result put(const std::string& path, const std::string& body) {
    auto answer = httplib::Client(endpoint.url()).Put(path, body, "application/json");
    REQUIRE(answer);
    return answer;
  }

  test::FakeWatched service;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Endpoint endpoint{{"127.0.0.1:0", "1.2.3", "abc1234", describe(LoadedConfig()), {"ccbus"}},
                    service,
                    *logger,
                    service_routes(service)};
};

TEST_CASE("a service that is well answers /healthz with 200 and OK", "[operations]") {
  Rig rig;
  const auto answer = rig.get("/healthz");
  CHECK(answer->status == 200);
  const json body = json::parse(answer->body);
  CHECK(body["status"] == "OK");
  CHECK(body["time"].get<std::string>().ends_with("Z"));
  CHECK_FALSE(body.contains("failed_checks"));
}

TEST_CASE("a component that is not well turns /healthz into 503 with its reason", "[operations]") {
  Rig rig;
  rig.service.failed = {{"disk", "12 bytes free"}, {"bus", "no answer"}};
  const auto answer = rig.get("/healthz");
  CHECK(answer->status == 503);
  const json body = json::parse(answer->body);
  CHECK(body["status"] == "Service Unavailable");
  REQUIRE(body["failed_checks"].size() == 2);
  CHECK(body["failed_checks"][0]["component"] == "disk");
  CHECK(body["failed_checks"][0]["reason"] == "12 bytes free");
}

TEST_CASE("a reason that quotes what a peer sent is valid JSON without commands",
          "[operations][issue-13]") {
  Rig rig;
  rig.service.failed = {{"bus", "peer \xff\x1b[2J\n \u009b2J \u2028"}, {"disk", "Gr\u00f6\u00dfe"}};
  const auto answer = rig.get("/healthz");
  const json body = json::parse(answer->body);
  CHECK(body["failed_checks"][0]["reason"] == "peer \ufffd\x1b[2J\n \u009b2J \u2028");
  for (const char* command : {"\x1b", "\u009b", "\u2028"}) {
    CHECK(answer->body.find(command) == std::string::npos);
  }
  CHECK(answer->body.find('\n') == answer->body.size() - 1);
  rig.service.failed.erase(rig.service.failed.begin());
  CHECK_THAT(rig.get("/healthz")->body, Catch::Contains("Gr\u00f6\u00dfe"));
}

TEST_CASE("/metrics is Prometheus' text", "[operations]") {
  Rig rig;
  const auto answer = rig.get("/metrics");
  CHECK(answer->get_header_value("Content-Type").starts_with("text/plain; version=0.0.4"));
  CHECK(answer->body.find("# TYPE ledger_blockchain_height gauge\n"
                          "ledger_blockchain_height{channel=\"ch1\"} 7") != std::string::npos);
}

TEST_CASE("the log level is read and set through /logspec", "[operations]") {
  Rig rig;
  CHECK(json::parse(rig.get("/logspec")->body) == json{{"spec", "info"}});
  CHECK(rig.put("/logspec", R"({"spec":"debug"})")->status == 204);
  CHECK(json::parse(rig.get("/logspec")->body) == json{{"spec", "debug"}});

  const std::string body = GENERATE(R"({"spec":"loud"})", "", "debug", "[1]", R"({"spec":3})");
  const auto refused = rig.put("/logspec", body);
  CHECK(refused->status == 400);
  CHECK(json::parse(refused->body).contains("error"));
  CHECK(rig.service.level == "debug");
}

TEST_CASE("a body above the limit is refused and the next request is served", "[operations]") {
  Rig rig;
  CHECK(rig.put("/logspec", std::string(5'000, 'x'))->status == 413);
  CHECK(rig.put("/logspec", std::string(100'000, 'x'))->status == 413);
  const test::TcpConnection huge(
      test::port_of(rig.endpoint.url()),
      "PUT /logspec HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n");
  CHECK_THAT(huge.read_all(), Catch::StartsWith("HTTP/1.1 413 "));
  const test::TcpConnection waits(test::port_of(rig.endpoint.url()),
                                  "PUT /logspec HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                  "5000\r\nExpect: 100-continue\r\n\r\n");
  CHECK_THAT(waits.read_all(), Catch::StartsWith("HTTP/1.1 413 "));
  const test::TcpConnection endless(
      test::port_of(rig.endpoint.url()),
      "PUT /logspec HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) endless.say("8000\r\n" + std::string(0x8000, 'x') + "\r\n");
  CHECK(endless.ends_within(20'000));
  CHECK(rig.get("/healthz")->status == 200);
}

TEST_CASE("/version names the release and the commit", "[operations]") {
  Rig rig;
  CHECK(json::parse(rig.get("/version")->body) ==
        json{{"CommitSHA", "abc1234"}, {"Version", "1.2.3"}});
}

TEST_CASE("/varz has the counters", "[operations]") {
  Rig rig;
  CHECK(json::parse(rig.get("/varz")->body)["counters"]["bus_peers_connected"] == 3);
}

TEST_CASE("/connz has the connections of both endpoints", "[operations]") {
  Rig rig;
  const json all = json::parse(rig.get("/connz")->body);
  CHECK(all["total"] == 3);
  CHECK(all["handlers"][0] == json{{"peer", 4},
                                   {"remote", "10.0.0.7:4000"},
                                   {"key", "basic-key"},
                                   {"last_heard_ms", 250},
                                   {"queued_messages", 3},
                                   {"queued_bytes", 900},
                                   {"handler", 12},
                                   {"chaincode", "basic"},
                                   {"registered_as", ""},
                                   {"state", "ready"},
                                   {"open_transactions", 0},
                                   {"transactions", 0},
                                   {"connected_ms", 0}});
  CHECK(all["clients_total"] == 20);
  CHECK(all["clients"][0]["peer"] == 9);
}

TEST_CASE("/connz is paged", "[operations]") {
  Rig rig;
  const json page = json::parse(rig.get("/connz?offset=2&limit=1")->body);
  CHECK(page["offset"] == 2);
  CHECK(page["limit"] == 1);
  CHECK(rig.service.asked_for.offset == 2);
  CHECK(rig.service.asked_for.limit == 1);
  CHECK(rig.get("/connz?limit=0")->status == 400);
  CHECK(rig.get("/connz?limit=many")->status == 400);
}

TEST_CASE("/configz has every key as it was loaded, and the log level as it is now",
          "[operations]") {
  Rig rig;
  const auto level = [&] {
    const auto entries = parse_entries(rig.get("/configz")->body);
    REQUIRE(entries.has_value());
    CHECK(entries->size() == config_keys().size());
    return *find_entry(*entries, kLogLevelKey);
  };
  CHECK(level().value == "info");
  CHECK(level().origin == "default");
  REQUIRE(rig.put("/logspec", R"({"spec":"debug"})")->status == 204);
  CHECK(level().value == "debug");
  CHECK_THAT(level().origin, Catch::Contains("/logspec"));
}

TEST_CASE("a bus that does not answer is said to be so, and nothing hangs", "[operations]") {
  Rig rig;
  rig.service.bus_is_stuck = true;
  for (const char* path : {"/varz", "/connz"}) {
    const auto answer = rig.get(path);
    CHECK(answer->status == 503);
    CHECK(json::parse(answer->body)["error"] == "the bus thread has not answered");
  }
}

TEST_CASE("a path that is not served is 404", "[operations]") {
  Rig rig;
  CHECK(rig.get("/")->status == 404);
  CHECK(rig.get("/healthz/")->status == 404);
}

TEST_CASE("a method that a path does not know is 405, and Allow names those that it does",
          "[operations][issue-13]") {
  Rig rig;
  httplib::Client client(rig.endpoint.url());
  const auto posted = client.Post("/logspec", "{}", "application/json");
  REQUIRE(posted);
  CHECK(posted->status == 405);
  CHECK(posted->get_header_value("Allow") == "GET, HEAD, PUT");
  const auto removed = client.Delete("/healthz");
  REQUIRE(removed);
  CHECK(removed->status == 405);
  CHECK(removed->get_header_value("Allow") == "GET, HEAD");
}

TEST_CASE("HEAD has the headers of GET and no body", "[operations]") {
  Rig rig;
  const auto got = rig.get("/version");
  const auto head = httplib::Client(rig.endpoint.url()).Head("/version");
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->get_header_value("Content-Length") == std::to_string(got->body.size()));
  CHECK(head->get_header_value("Content-Type") == "application/json");
  CHECK(head->body.empty());
}

TEST_CASE("one connection serves several requests", "[operations][issue-13]") {
  Rig rig;
  const test::TcpConnection connection(test::port_of(rig.endpoint.url()));
  connection.say("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n");
  connection.say("GET /logspec HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK_THAT(connection.read_all(),
             Catch::Contains("\"CommitSHA\"") && Catch::Contains("\"spec\""));
}

TEST_CASE("headers and request lines above the limit are refused by name",
          "[operations][issue-13]") {
  Rig rig;
  const auto first_line = [&](const std::string& request) {
    const std::string all =
        test::TcpConnection(test::port_of(rig.endpoint.url()), request).read_all();
    return all.substr(0, all.find("\r\n"));
  };
  CHECK_THAT(first_line("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " +
                        std::string(100'000, 'x') + "\r\n\r\n"),
             Catch::StartsWith("HTTP/1.1 431 "));
  CHECK_THAT(first_line("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n"),
             Catch::StartsWith("HTTP/1.1 414 "));
  CHECK(rig.get("/healthz")->status == 200);
}

TEST_CASE("a PUT that a page of another site sends is refused, with the header and its value",
          "[operations][issue-13]") {
  Rig rig;
  const auto put = [&](const httplib::Headers& headers) {
    auto answer = httplib::Client(rig.endpoint.url())
                      .Put("/logspec", headers, R"({"spec":"debug"})", "application/json");
    REQUIRE(answer);
    return answer;
  };
  const auto rebound = put({{"Host", "evil.example:9443"}});
  CHECK(rebound->status == 403);
  CHECK_THAT(json::parse(rebound->body)["error"].get<std::string>(),
             Catch::Contains("the header Host is 'evil.example:9443'"));
  const auto crossed = put({{"Origin", "http://evil.example"}});
  CHECK(crossed->status == 403);
  CHECK_THAT(json::parse(crossed->body)["error"].get<std::string>(),
             Catch::Contains("the header Origin is 'http://evil.example'"));
  CHECK(rig.service.level == "info");

  CHECK(put({{"Host", "ccbus:9443"}})->status == 204);  // As the configuration names it.
  CHECK(rig.service.level == "debug");
  CHECK(put({{"Host", "localhost:1"}, {"Origin", "http://localhost:1"}})->status == 204);
  CHECK(httplib::Client(rig.endpoint.url()).Get("/version", {{"Host", "evil.example"}})->status ==
        200);  // Reading it changes nothing.
}

TEST_CASE("an address that is taken is refused by name", "[operations]") {
  Rig rig;
  const std::string taken = rig.endpoint.url().substr(std::string("http://").size());
  CHECK_THROWS_WITH(Endpoint({taken, "", "", {}, {}}, rig.service, *rig.logger),
                    Catch::Contains(taken) && Catch::Contains("operations.listenAddress") &&
                        Catch::Contains("Address already in use"));
}

}  // namespace
}  // namespace ccbus::operations
