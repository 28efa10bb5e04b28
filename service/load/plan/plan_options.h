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

// One option of a plan: --name on the command line, name: in a scenario. There is one table of
// them, so that whatever can be asked for in one place can be in the other, is checked against the
// same limits, and shows when two plans are compared.
//
// Not in it: the mode, which decides what the others mean, and the arguments of a template.
struct PlanOption {
  using Member = std::variant<std::uint32_t WorkloadPlan::*, std::uint64_t WorkloadPlan::*,
                              double WorkloadPlan::*, std::chrono::milliseconds WorkloadPlan::*,
                              std::string WorkloadPlan::*>;

  std::string_view name;
  std::string_view flags;  // On the command line, where it is not --name.
  Member member;
  std::uint64_t min;  // Of durations in milliseconds; of a text's length.
  std::uint64_t max;
  unsigned modes;  // Bits of those that have a use for it.
  std::string_view help;

  [[nodiscard]] bool is_of_use_in(Mode mode) const {
    return (modes >> static_cast<unsigned>(mode) & 1u) != 0;
  }
};

// In the order in which people read them: who, when, what, where.
[[nodiscard]] std::span<const PlanOption> plan_options();

// Null where there is none of that name.
[[nodiscard]] const PlanOption* find_plan_option(std::string_view name);

// Sets it from text, whatever its limits are. Errors: kInvalid, saying what the text is not.
[[nodiscard]] Result<void> set_option(const PlanOption& option, std::string_view text,
                                      WorkloadPlan& plan);

// Its value as set_option() takes it.
[[nodiscard]] std::string option_text(const PlanOption& option, const WorkloadPlan& plan);

// Checks it against its limits. Errors: kInvalid, for a sentence that begins with the option's
// name: "is 0; it takes 1 to 60000".
[[nodiscard]] Result<void> check_option(const PlanOption& option, const WorkloadPlan& plan);

}  // namespace ccbus::load
