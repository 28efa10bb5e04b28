#include "service/ledger/policy/signature_policy_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "service/ledger/policy/expression.h"
#include "service/ledger/policy/signature_policy.h"

namespace ccbus::ledger {
namespace {

using common::MSPPrincipal;
using common::MSPRole;
using common::SignaturePolicy;
using expression::Environment;
using expression::Value;
using Args = std::vector<Value>;

struct RoleName {
  std::string_view name;
  MSPRole::MSPRoleType role;
};
constexpr RoleName kRoles[] = {{"member", MSPRole::MEMBER},
                               {"admin", MSPRole::ADMIN},
                               {"client", MSPRole::CLIENT},
                               {"peer", MSPRole::PEER},
                               {"orderer", MSPRole::ORDERER}};

bool is_of_msp_id(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

// Fabric's ^([[:alnum:].-]+)([.])(admin|member|client|peer|orderer)$.
std::optional<MSPRole> read_principal(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view msp_id = text.substr(0, dot);
  const auto* const role = std::find_if(std::begin(kRoles), std::end(kRoles), [&](const auto& one) {
    return one.name == text.substr(dot + 1);
  });
  if (role == std::end(kRoles) || !std::all_of(msp_id.begin(), msp_id.end(), is_of_msp_id)) {
    return std::nullopt;
  }
  MSPRole principal;
  principal.set_msp_identifier(std::string(msp_id));
  principal.set_role(role->role);
  return principal;
}

unexpected<Error> invalid(const std::string& why) {
  return fail(ErrorCode::kInvalid, why);
}

unexpected<Error> unexpected_type(const Value& value) {
  return invalid("unexpected type " + expression::type_of(value));
}

// As Go converts on amd64.
std::int64_t whole_of(double number) {
  constexpr double kEdge = 9223372036854775808.0;
  const bool fits = number >= -kEdge && number < kEdge;
  return fits ? static_cast<std::int64_t>(number) : std::numeric_limits<std::int64_t>::min();
}

// A principal stays a string of the next pass, anything else becomes part of its text.
std::string as_argument(const std::string& text) {
  return read_principal(text) ? "'" + text + "'" : text;
}

// Fabric evaluates a policy three times. The first pass makes one kind of gate of all.
Result<Value> write_gate(const Value& needed, const Args& rules) {
  if (rules.empty()) {
    return invalid("expected at least two arguments to NOutOf. Given 1");
  }
  std::string text = "outof(";
  if (const auto* number = std::get_if<double>(&needed)) {
    text += std::to_string(whole_of(*number));
  } else if (const auto* whole = std::get_if<std::int64_t>(&needed)) {
    text += std::to_string(*whole);
  } else if (const auto* digits = std::get_if<std::string>(&needed)) {
    text += *digits;
  } else {
    return unexpected_type(needed);
  }
  for (const Value& rule : rules) {
    const auto* part = std::get_if<std::string>(&rule);
    if (part == nullptr) return unexpected_type(rule);
    text += ", " + as_argument(*part);
  }
  return text + ")";
}

Result<Value> first_pass(std::string_view function, Args args) {
  if (function == "And" || function == "AND" || function == "and") {
    return write_gate(static_cast<std::int64_t>(args.size()), args);
  }
  if (function == "Or" || function == "OR" || function == "or") {
    return write_gate(std::int64_t{1}, args);
  }
  if (args.empty()) return invalid("expected at least two arguments to NOutOf. Given 0");
  const Value needed = std::move(args.front());
  args.erase(args.begin());
  return write_gate(needed, args);
}

// The second pass gives each gate the place where principals are counted.
Result<Value> second_pass(std::string_view /*function*/, const Args& args) {
  std::string text = "outof(ID";
  for (const Value& arg : args) {
    text += ", ";
    if (const auto* part = std::get_if<std::string>(&arg)) {
      text += as_argument(*part);
    } else if (const auto* number = std::get_if<double>(&arg)) {
      text += std::to_string(whole_of(*number));
    } else if (const auto* whole = std::get_if<std::int64_t>(&arg)) {
      text += std::to_string(*whole);
    } else {
      return unexpected_type(arg);
    }
  }
  return text + ")";
}

constexpr std::string_view kContextType = "*policydsl.context";

// The third pass makes the rules, and adds principals to `policy`.
Result<Value> third_pass(Args args, common::SignaturePolicyEnvelope& policy) {
  if (args.size() < 3) {
    return invalid("at least 3 arguments expected, got " + std::to_string(args.size()));
  }
  if (expression::type_of(args[0]) != kContextType) {
    return invalid("unrecognized type, expected the context, got " + expression::type_of(args[0]));
  }
  std::int64_t needed = 0;
  if (const auto* number = std::get_if<double>(&args[1])) {
    needed = whole_of(*number);
  } else if (const auto* whole = std::get_if<std::int64_t>(&args[1])) {
    needed = *whole;
  } else {
    return invalid("unrecognized type, expected a number, got " + expression::type_of(args[1]));
  }
  const auto count = static_cast<std::int64_t>(args.size()) - 2;
  if (needed < 0 || needed > count + 1) {
    return invalid("invalid t-out-of-n predicate, t " + std::to_string(needed) + ", n " +
                   std::to_string(count));
  }
  SignaturePolicy gate;
  gate.mutable_n_out_of()->set_n(static_cast<std::int32_t>(needed));
  for (std::size_t i = 2; i < args.size(); ++i) {
    if (auto* rule = std::get_if<SignaturePolicy>(&args[i])) {
      *gate.mutable_n_out_of()->add_rules() = std::move(*rule);
      continue;
    }
    const auto* text = std::get_if<std::string>(&args[i]);
    if (text == nullptr) {
      return invalid("unrecognized type, expected a principal or a policy, got " +
                     expression::type_of(args[i]));
    }
    const auto role = read_principal(*text);
    if (!role) return invalid("error parsing principal " + *text);
    gate.mutable_n_out_of()->add_rules()->set_signed_by(policy.identities_size());
    policy.add_identities()->set_principal(role->SerializeAsString());
  }
  return gate;
}

// Evaluates a text whose value is the text of the next pass.
Result<std::string> evaluate_to_text(std::string_view text, const Environment& environment,
                                     std::string_view policy) {
  auto value = expression::evaluate(text, environment);
  if (!value) return unexpected(value.error());
  auto* next = std::get_if<std::string>(&*value);
  if (next == nullptr) return invalid("invalid policy string '" + std::string(policy) + "'");
  return std::move(*next);
}

// A gate by the number that it needs; one of one is an OR.
std::string format_rule(const SignaturePolicy& rule,
                        const common::SignaturePolicyEnvelope& policy) {
  if (rule.has_signed_by()) return describe(policy.identities(rule.signed_by()));
  const SignaturePolicy::NOutOf& gate = rule.n_out_of();
  const bool is_or = gate.n() == 1 && gate.rules_size() > 0;
  const bool is_and = gate.n() == gate.rules_size() && gate.n() > 1;
  std::string text = is_or ? "OR(" : is_and ? "AND(" : "OutOf(" + std::to_string(gate.n());
  bool is_first = is_or || is_and;
  for (const SignaturePolicy& part : gate.rules()) {
    if (!std::exchange(is_first, false)) text += ", ";
    text += format_rule(part, policy);
  }
  return text + ")";
}

}  // namespace

Result<common::SignaturePolicyEnvelope> parse_signature_policy(std::string_view text) {
  if (text.size() > kPolicyTextBytesMax) {
    return fail(ErrorCode::kInvalid, "a policy of " + std::to_string(text.size()) +
                                         " bytes: the limit is " +
                                         std::to_string(kPolicyTextBytesMax));
  }
  const Environment first{
      {"And", "and", "AND", "Or", "or", "OR", "OutOf", "outof", "OUTOF"}, {}, {}, first_pass};
  auto gates = evaluate_to_text(text, first, text);
  if (!gates) return unexpected(gates.error());
  const Environment second{{"outof"}, {}, {}, second_pass};
  auto counted = evaluate_to_text(*gates, second, text);
  if (!counted) return unexpected(counted.error());
  common::SignaturePolicyEnvelope policy;
  const Environment third{
      {"outof"}, {"ID"}, std::string(kContextType), [&policy](std::string_view, Args args) {
        return third_pass(std::move(args), policy);
      }};
  auto rule = expression::evaluate(*counted, third);
  if (!rule) return unexpected(rule.error());
  auto* const gate = std::get_if<SignaturePolicy>(&*rule);
  if (gate == nullptr) return invalid("invalid policy string '" + std::string(text) + "'");
  *policy.mutable_rule() = std::move(*gate);
  if (auto checked = check_signature_policy(policy); !checked) return unexpected(checked.error());
  return policy;
}

Result<std::string> format_signature_policy(const common::SignaturePolicyEnvelope& policy) {
  if (auto checked = check_signature_policy(policy); !checked) return unexpected(checked.error());
  return format_rule(policy.rule(), policy);
}

std::string describe(const MSPPrincipal& principal) {
  const std::string& bytes = principal.principal();
  switch (principal.principal_classification()) {
    case MSPPrincipal::ROLE: {
      MSPRole role;
      if (!role.ParseFromString(bytes)) break;
      for (const RoleName& one : kRoles) {
        if (one.role == role.role()) {
          return "'" + role.msp_identifier() + "." + std::string(one.name) + "'";
        }
      }
      break;
    }
    case MSPPrincipal::ORGANIZATION_UNIT: {
      common::OrganizationUnit unit;
      if (!unit.ParseFromString(bytes)) break;
      return "the unit " + unit.organizational_unit_identifier() + " of " + unit.msp_identifier();
    }
    case MSPPrincipal::IDENTITY: return "one identity";
    case MSPPrincipal::ANONYMITY: return "an identity by its anonymity";
    case MSPPrincipal::COMBINED: return "an identity of several principals";
    default: break;
  }
  return "an unknown principal";
}

}  // namespace ccbus::ledger
