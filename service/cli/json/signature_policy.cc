#include "service/cli/json/signature_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace ccbus::cli {
namespace {

constexpr std::size_t kDepthMax = 100;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Fabric has each gate as OutOf, outof and OUTOF.
bool is_gate(std::string_view word, const std::array<std::string_view, 3>& spellings) {
  return std::find(spellings.begin(), spellings.end(), word) != spellings.end();
}

class PolicyReader {
 public:
  explicit PolicyReader(std::string_view text) : text_(text) {}

  Result<SignaturePolicy> read() {
    if (auto gate = read_gate(1); !gate) return unexpected(gate.error());
    skip_space();
    if (at_ < text_.size()) return wrong("nothing may follow its last bracket");
    return std::move(policy_);
  }

 private:
  unexpected<Error> wrong(const std::string& why) const {
    return fail(ErrorCode::kInvalid, "invalid policy " + std::string(text_) + ": " + why);
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view word() {
    skip_space();
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter_or_digit(text_[at_]) || text_[at_] == '_')) ++at_;
    return text_.substr(start, at_ - start);
  }

  Result<void> read_gate(std::size_t depth) {
    if (depth > kDepthMax) return wrong("it is nested too deep");
    const std::string name(word());
    const bool is_and = is_gate(name, {"And", "and", "AND"});
    const bool is_or = is_gate(name, {"Or", "or", "OR"});
    const bool is_out_of = is_gate(name, {"OutOf", "outof", "OUTOF"});
    if (!is_and && !is_or && !is_out_of) {
      return wrong(name.empty() ? "it is not made of AND, OR and OutOf around quoted principals"
                                : "unrecognized token '" + name + "'");
    }
    if (!take('(')) return wrong("a bracket has to follow " + name);
    std::size_t needed = 1;
    if (is_out_of) {
      auto count = read_count();
      if (!count) return unexpected(count.error());
      needed = *count;
    }
    std::size_t parts = 0;
    do {
      auto part = read_part(depth);
      if (!part) return part;
      ++parts;
    } while (take(','));
    if (!take(')')) return wrong("a bracket is missing");
    if (is_and) needed = parts;
    if (needed > parts) {
      return wrong("invalid t-out-of-n predicate, t " + std::to_string(needed) + ", n " +
                   std::to_string(parts));
    }
    if (needed != 1) policy_.is_or = false;
    return {};
  }

  Result<std::size_t> read_count() {
    skip_space();
    const bool is_quoted = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"');
    const char quote = is_quoted ? text_[at_++] : '\0';
    std::size_t count = 0;
    const std::string digits(word());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
    if (!is_whole || (is_quoted && !take(quote)) || !take(',')) {
      return wrong("OutOf begins with a whole number and a comma");
    }
    return count;
  }

  Result<void> read_part(std::size_t depth) {
    skip_space();
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) {
      return read_gate(depth + 1);
    }
    const char quote = text_[at_++];
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) return wrong("a quote is missing");
    const std::string_view principal = text_.substr(at_, end - at_);
    at_ = end + 1;
    constexpr std::string_view kRoles[] = {"admin", "member", "client", "peer", "orderer"};
    const std::size_t dot = principal.rfind('.');
    const bool has_role = dot != std::string_view::npos && dot > 0 &&
                          std::find(std::begin(kRoles), std::end(kRoles),
                                    principal.substr(dot + 1)) != std::end(kRoles);
    const std::string_view msp_id = principal.substr(0, has_role ? dot : 0);
    const bool is_sound = has_role && std::all_of(msp_id.begin(), msp_id.end(), [](char c) {
                            return is_letter_or_digit(c) || c == '.' || c == '-';
                          });
    if (!is_sound) {
      return wrong(
          "'" + std::string(principal) +
          "' is no principal: an MSP id, a dot and one of the roles admin, member, client, "
          "peer and orderer");
    }
    policy_.msp_ids.emplace(msp_id);
    return {};
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  SignaturePolicy policy_;
};

}  // namespace

Result<SignaturePolicy> parse_signature_policy(std::string_view text) {
  return PolicyReader(text).read();
}

}  // namespace ccbus::cli
