#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "service/base/result.h"
#include "service/load/plan/workload_plan.h"

namespace ccbus::load {

// One option of a plan: --name on the command line, name: in a scenario. Both use the same table,
// so they offer the same options with the same limits; it also lists how two plans differ.
//
// The table does not contain the mode, which decides which options apply, nor the arguments of a
// template.
struct PlanOption {
  using Member = std::variant<std::uint32_t WorkloadPlan::*, std::uint64_t WorkloadPlan::*,
                              double WorkloadPlan::*, std::chrono::milliseconds WorkloadPlan::*,
                              std::string WorkloadPlan::*>;

  std::string_view name;
  std::string_view flags;  // The flags on the command line, if they are not --name.
  Member member;
  std::uint64_t min;  // Of a duration: in milliseconds. Of a text: of its length.
  std::uint64_t max;
  unsigned modes;  // One bit for each mode in which the option applies.
  std::string_view help;

  [[nodiscard]] bool applies_in(Mode mode) const {
    return (modes >> static_cast<unsigned>(mode) & 1u) != 0;
  }
};

// All options, grouped for help texts and reports: who, when, what, where.
[[nodiscard]] std::span<const PlanOption> plan_options();

// Returns nullptr if there is no option of that name.
[[nodiscard]] const PlanOption* find_plan_option(std::string_view name);

// Sets the option from a text, without checking its limits. Errors: kInvalid, naming the expected
// type.
[[nodiscard]] Result<void> set_option(const PlanOption& option, std::string_view text,
                                      WorkloadPlan& plan);

// Returns the option's value as a text that set_option() accepts.
[[nodiscard]] std::string option_text(const PlanOption& option, const WorkloadPlan& plan);

// Checks the value against its limits. Errors: kInvalid, with the rest of a sentence that begins
// with the option's name: "is 0; it takes 1 to 60000".
[[nodiscard]] Result<void> check_option(const PlanOption& option, const WorkloadPlan& plan);

}  // namespace ccbus::load
