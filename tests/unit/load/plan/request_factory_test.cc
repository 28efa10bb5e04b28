#include "service/load/plan/request_factory.h"

#include <catch2/catch.hpp>
#include <set>

using namespace ccbus;
using namespace ccbus::load;
using Catch::Matchers::Contains;

namespace {

RequestFactory make(const WorkloadPlan& plan) {
  auto made = RequestFactory::make(plan, "run");
  REQUIRE(made);
  return std::move(*made);
}

Task task_of(const Invocation& invocation) {
  auto parsed = parse_arguments({invocation.args().begin(), invocation.args().end()});
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("an invoke reads, writes and pays as the plan says", "[load]") {
  WorkloadPlan plan;
  plan.gets = 2;
  plan.puts = 3;
  plan.range = 5;
  plan.payload_bytes = 77;
  plan.think = std::chrono::milliseconds(88);
  RequestFactory requests = make(plan);
  ClientRequest request;
  CHECK_FALSE(requests.next(request));
  const Invocation& invocation = request.submit().invocation();
  CHECK(invocation.channel_id() == "mychannel");
  CHECK(invocation.chaincode_name() == plan.chaincode);
  const auto task = std::get<RunTask>(task_of(invocation));
  CHECK(task.gets == 2);
  CHECK(task.puts == 3);
  CHECK(task.keys.size() == 3);
  CHECK(task.payload.size() == 77);
  CHECK(task.think == plan.think);
  CHECK(task.range_begin < task.range_end);
}

TEST_CASE("a query writes nothing, whatever the plan's writes are", "[load]") {
  WorkloadPlan plan;
  plan.mode = Mode::kQuery;
  RequestFactory requests = make(plan);
  ClientRequest request;
  CHECK(requests.next(request));
  CHECK(std::get<RunTask>(task_of(request.evaluate().invocation())).puts == 0);
}

TEST_CASE("mixed keeps the share of queries", "[load]") {
  WorkloadPlan plan;
  plan.mode = Mode::kMixed;
  plan.query_share = 0.8;
  RequestFactory requests = make(plan);
  int queries = 0;
  ClientRequest request;
  for (int i = 0; i < 10'000; ++i) queries += requests.next(request) ? 1 : 0;
  CHECK(queries == Approx(8'000).epsilon(0.02));
}

TEST_CASE("channels take turns, and a seed makes the same requests again", "[load]") {
  WorkloadPlan plan;
  plan.channels = 3;
  RequestFactory one = make(plan);
  RequestFactory other = make(plan);
  std::set<std::string> channels;
  for (int i = 0; i < 6; ++i) {
    ClientRequest first;
    ClientRequest second;
    one.next(first);
    other.next(second);
    CHECK(first.SerializeAsString() == second.SerializeAsString());
    channels.insert(first.submit().invocation().channel_id());
  }
  CHECK(channels == std::set<std::string>{"mychannel-1", "mychannel-2", "mychannel-3"});
}

TEST_CASE("the set-up writes every key of every channel once", "[load]") {
  WorkloadPlan plan;
  plan.keys = 1'234;
  plan.channels = 2;
  std::set<std::string> written;
  for (const ClientRequest& request : make(plan).setup()) {
    const Invocation& invocation = request.submit().invocation();
    const auto task = std::get<LoadTask>(task_of(invocation));
    CHECK(task.keys.size() <= 500);
    for (const std::string& key : task.keys) {
      CHECK(written.insert(invocation.channel_id() + "/" + key).second);
    }
  }
  CHECK(written.size() == 2'468);
  CHECK(written.count("mychannel-2/" + key_name(1'233)) == 1);
}

TEST_CASE("large values are written a few at a time", "[load]") {
  WorkloadPlan plan;
  plan.keys = 10;
  plan.payload_bytes = 1u << 20;
  CHECK(make(plan).setup().size() == 10);
}

TEST_CASE("who reads nothing needs no keys before", "[load]") {
  WorkloadPlan plan;
  plan.gets = 0;
  CHECK(make(plan).setup().empty());
  plan.gets = 1;
  plan.arguments = {"ReadAsset", "{{key}}"};
  CHECK(make(plan).setup().empty());
}

TEST_CASE("a chaincode of one's own gets the arguments of the template", "[load]") {
  WorkloadPlan plan;
  plan.arguments = {"CreateAsset", "a{{n}}"};
  RequestFactory requests = make(plan);
  ClientRequest request;
  requests.next(request);
  requests.next(request);
  REQUIRE(request.submit().invocation().args_size() == 2);
  CHECK(request.submit().invocation().args(1) == "a1");
  plan.arguments = {"{{nobody}}"};
  CHECK_THAT(RequestFactory::make(plan, "run").error().message, Contains("{{nobody}}"));
}
