#include "service/load/plan/plan_options.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace ccbus::load;
using namespace std::chrono_literals;

namespace {

std::string complaint(const ccbus::Result<void>& result) {
  return result ? "" : result.error().message;
}

const PlanOption& option(std::string_view name) {
  const PlanOption* const found = find_plan_option(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("each option stands in the table once, and is of use in some mode", "[load]") {
  std::set<std::string_view> names;
  for (const PlanOption& one : plan_options()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    CHECK(find_plan_option(one.name) == &one);
    CHECK(one.modes != 0);
    CHECK_FALSE(one.help.empty());
  }
  CHECK(find_plan_option("dealer") == nullptr);
}

TEST_CASE("an option's text sets what it shows", "[load]") {
  WorkloadPlan plan;
  for (const PlanOption& one : plan_options()) {
    INFO(one.name);
    const std::string standing = option_text(one, plan);
    CHECK(check_option(one, plan));
    WorkloadPlan other = plan;
    REQUIRE(set_option(one, standing, other));
    CHECK(other == plan);
  }
  CHECK(set_option(option("dealers"), "25", plan));
  CHECK(plan.dealers == 25);
  CHECK(set_option(option("rate"), "12.5", plan));
  CHECK(option_text(option("rate"), plan) == "12.5");
  CHECK(set_option(option("think"), "2s", plan));
  CHECK(plan.think == 2s);
  CHECK(set_option(option("channel"), "orders", plan));
  CHECK(plan.channel == "orders");
}

TEST_CASE("text that is no value leaves the plan as it was", "[load]") {
  WorkloadPlan plan;
  CHECK(complaint(set_option(option("dealers"), "many", plan)) ==
        "'many' is no number from 0 to 4294967295");
  CHECK(complaint(set_option(option("dealers"), "4294967296", plan)) ==
        "'4294967296' is no number from 0 to 4294967295");
  CHECK(complaint(set_option(option("keys"), "-1", plan)) ==
        "'-1' is no number from 0 to 18446744073709551615");
  CHECK(complaint(set_option(option("rate"), "fast", plan)) == "'fast' is no number");
  CHECK(complaint(set_option(option("rate"), "", plan)) == "'' is no number");
  CHECK_THAT(complaint(set_option(option("duration"), "soon", plan)),
             Catch::Matchers::Contains("'soon' is not a duration"));
  CHECK(plan == WorkloadPlan());
}

TEST_CASE("a value beyond its limits is named with them", "[load]") {
  WorkloadPlan plan;
  plan.dealers = 0;
  CHECK(complaint(check_option(option("dealers"), plan)) == "is 0; it takes 1 to 60000");
  plan.think = 11min;
  CHECK(complaint(check_option(option("think"), plan)) == "is 11m; it takes 0ms to 10m");
  plan.query_share = -0.5;
  CHECK(complaint(check_option(option("query-share"), plan)) == "is -0.5; it takes 0 to 1");
  plan.channel = "";
  CHECK(complaint(check_option(option("channel"), plan)) == "is ; it takes 1 to 255 bytes");
}

TEST_CASE("an option is offered where it has a use", "[load]") {
  CHECK(option("churn").applies_in(Mode::kMixed));
  CHECK_FALSE(option("churn").applies_in(Mode::kInvoke));
  CHECK_FALSE(option("rate").applies_in(Mode::kHandler));
  CHECK(option("rate").applies_in(Mode::kConnect));
  CHECK_FALSE(option("puts").applies_in(Mode::kQuery));
  CHECK_FALSE(option("dealers").applies_in(Mode::kConnect));
}
