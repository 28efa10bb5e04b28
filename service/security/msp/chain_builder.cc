#include "service/security/msp/chain_builder.h"
#include "service/security/msp/refusal.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ccbus::security {
namespace {

constexpr int kSignatureChecksMax = 100;

enum class Position { kLeaf, kIntermediate, kRoot };

// Certificates that sign each other would make a chain without an end.
bool is_in(const Chain& chain, const Certificate& candidate) {
  return std::any_of(chain.begin(), chain.end(), [&](const Certificate* one) {
    return one->subject == candidate.subject && one->public_key == candidate.public_key &&
           one->alternative_names == candidate.alternative_names;
  });
}

Result<void> check_names(const Certificate& ca, const Certificate& named) {
  if (ca.name_constraints == nullptr || !named.alternative_names) return {};
  if (NAME_CONSTRAINTS_check(named.handle.get(), ca.name_constraints.get()) == X509_V_OK) return {};
  return refuse(
      "x509: a root or intermediate certificate is not authorized to "
      "sign for this name");
}

Result<void> check_time(const Certificate& certificate, std::chrono::sys_seconds at) {
  if (at >= certificate.not_before && at <= certificate.not_after) return {};
  return refuse("x509: certificate has expired or is not yet valid");
}

// Whether a certificate may stand behind those of the chain. Go's isValid.
Result<void> check_place(const Certificate& certificate, Position position, const Chain& chain,
                         std::chrono::sys_seconds at) {
  if (certificate.has_unhandled_critical_extension) {
    return refuse("x509: unhandled critical extension");
  }
  if (auto valid = check_time(certificate, at); !valid) return valid;
  if (!certificate.may_serve) {
    return refuse("x509: certificate specifies an incompatible key usage");
  }
  if (position != Position::kLeaf) {
    for (const Certificate* named : {chain.front(), &certificate}) {
      if (auto valid = check_names(certificate, *named); !valid) return valid;
    }
  }
  if (position == Position::kIntermediate && !certificate.is_ca) {
    return refuse("x509: certificate is not authorized to sign other certificates");
  }
  const auto below = static_cast<long>(chain.size()) - 1;
  if (certificate.path_length_max && below > *certificate.path_length_max) {
    return refuse("x509: too many intermediates for path length constraint");
  }
  return {};
}

class ChainSearch {
 public:
  ChainSearch(const CaTree& tree, std::chrono::sys_seconds at) : tree_(tree), at_(at) {}

  // Finds every chain that goes on from this one. The depth is bounded by the number of CAs.
  void extend(const Chain& chain) {
    consider(chain, tree_.roots, Position::kRoot);
    consider(chain, tree_.intermediates, Position::kIntermediate);
  }

  [[nodiscard]] Result<std::vector<Chain>> finish() {
    if (!found_.empty()) return std::move(found_);
    if (error_) return unexpected(*error_);
    std::string text = "x509: certificate signed by unknown authority";
    if (hint_) text += " (possibly because of \"" + *hint_ + "\")";
    return refuse(std::move(text));
  }

 private:
  void consider(const Chain& chain, const std::vector<CertificatePointer>& candidates,
                Position position) {
    for (const CertificatePointer& candidate : candidates) {
      if (candidate->subject != chain.back()->issuer || is_in(chain, *candidate)) continue;
      if (++signature_checks_ > kSignatureChecksMax) {
        error_ = Error{ErrorCode::kInvalid,
                       "x509: signature check attempts limit reached while verifying certificate "
                       "chain"};
        return;
      }
      if (auto made = check_signature_from(*chain.back(), *candidate); !made) {
        if (!hint_) hint_ = made.error().message;
        continue;
      }
      if (auto valid = check_place(*candidate, position, chain, at_); !valid) {
        error_ = valid.error();
        continue;
      }
      Chain longer = chain;
      longer.push_back(candidate.get());
      if (position == Position::kRoot) {
        found_.push_back(std::move(longer));
      } else {
        extend(longer);
      }
    }
  }

  const CaTree& tree_;
  const std::chrono::sys_seconds at_;
  int signature_checks_ = 0;
  std::vector<Chain> found_;
  std::optional<Error> error_;       // The last reason why a candidate was not taken.
  std::optional<std::string> hint_;  // Why the first candidate of the right name did not sign.
};

// The host names of certificates that crypto/x509 checked against name constraints until Go 1.14.
bool is_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty()) return false;
  bool first = true;
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view part = host.substr(0, dot);
    if (part.empty()) return false;
    if (!(first && part == "*")) {
      for (std::size_t at = 0; at < part.size(); ++at) {
        const auto c = static_cast<unsigned char>(part[at]);
        if (!(c < 0x80 && std::isalnum(c)) && !(c == '-' && at != 0) && c != '_' && c != ':') {
          return false;
        }
      }
    }
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
    first = false;
  }
}

// A CA with name constraints does not sign for a host that is named in the common name alone.
Result<void> check_common_name(const Chain& chain) {
  const Certificate& leaf = *chain.front();
  if (leaf.alternative_names || !is_host_name(leaf.common_name)) return {};
  const bool constrained = std::any_of(chain.begin() + 1, chain.end(), [](const Certificate* ca) {
    return ca->name_constraints != nullptr;
  });
  if (!constrained) return {};
  return refuse("x509: issuer has name constraints but leaf doesn't have a SAN extension");
}

Result<std::vector<Chain>> find_chains(const Certificate& certificate, const CaTree& tree) {
  const std::chrono::sys_seconds at = certificate.not_before + std::chrono::seconds(1);
  if (auto valid = check_place(certificate, Position::kLeaf, {}, at); !valid) {
    return unexpected(valid.error());
  }
  for (const CertificatePointer& root : tree.roots) {
    if (root->der == certificate.der) return std::vector<Chain>{{root.get()}};
  }
  ChainSearch search(tree, at);
  search.extend({&certificate});
  return search.finish();
}

}  // namespace

void add_certificate(std::vector<CertificatePointer>& list, CertificatePointer certificate) {
  const bool known = std::any_of(list.begin(), list.end(), [&](const CertificatePointer& one) {
    return one->der == certificate->der;
  });
  if (!known) list.push_back(std::move(certificate));
}

Result<Chain> find_only_chain(const Certificate& certificate, const CaTree& tree) {
  auto chains = find_chains(certificate, tree);
  if (!chains) {
    return fail(chains.error().code,
                "the supplied identity is not valid: " + chains.error().message);
  }
  if (chains->size() != 1) {
    return refuse("this MSP only supports a single validation chain, got " +
                  std::to_string(chains->size()));
  }
  if (auto named = check_common_name(chains->front()); !named) {
    return fail(named.error().code, "the supplied identity is not valid: " + named.error().message);
  }
  return std::move(chains->front());
}

}  // namespace ccbus::security
