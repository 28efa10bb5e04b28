#include "service/security/msp/msp_manager.h"

#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/parse_message.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {
namespace {

// Ids are of one length and an MSP id has its own length before it: two pairs never have one key.
std::string verdict_key(const Identity& identity, const common::MSPPrincipal& principal) {
  std::string key = identity.id();
  key += std::to_string(principal.principal_classification());
  key += ' ';
  key += std::to_string(identity.msp_id().size());
  key += ' ';
  key += identity.msp_id();
  key += principal.principal();
  return key;
}

// Ids and digests are of one length each: no two signatures have one text before it is hashed.
Sha256Digest signature_digest(const Identity& identity, const Sha256Digest& bytes,
                              std::string_view signature) {
  return sha256({identity.id(), as_text(bytes), signature});
}

}  // namespace

MspManager::MspManager(std::map<std::string, Msp, std::less<>> msps, const Options& options)
    : msps_(std::move(msps)),
      identities_(options.identities_max),
      verdicts_(options.verdicts_max),
      signatures_(options.signatures_max) {}

Result<std::unique_ptr<MspManager>> MspManager::make(std::vector<Msp> msps,
                                                     const Options& options) {
  std::map<std::string, Msp, std::less<>> by_id;
  for (Msp& msp : msps) {
    std::string id = msp.id();
    if (!by_id.emplace(id, std::move(msp)).second) {
      return refuse("two organisations have the MSP id '" + id + "'");
    }
  }
  return std::unique_ptr<MspManager>(new MspManager(std::move(by_id), options));
}

const Msp* MspManager::find(std::string_view msp_id) const {
  const auto found = msps_.find(msp_id);
  return found == msps_.end() ? nullptr : &found->second;
}

Result<IdentityPointer> MspManager::deserialize(std::string_view serialized) const {
  if (auto known = identities_.get(serialized)) return std::move(*known);
  msp::SerializedIdentity header;
  if (!parse(header, serialized)) {
    return refuse("could not deserialize a SerializedIdentity");
  }
  const Msp* const msp = find(header.mspid());
  if (msp == nullptr) {
    return refuse("MSP " + header.mspid() + " is not defined on channel");
  }
  auto identity = msp->deserialize(serialized);
  if (identity && (*identity)->validity()) identities_.add(std::string(serialized), *identity);
  return identity;
}

Result<void> MspManager::satisfies(const Identity& identity,
                                   const common::MSPPrincipal& principal) const {
  const Msp* const msp = find(identity.msp_id());
  if (msp == nullptr) {
    return refuse("MSP " + identity.msp_id() + " is not defined on channel");
  }
  if (!identity.validity()) return msp->satisfies(identity, principal);
  std::string key = verdict_key(identity, principal);
  if (auto known = verdicts_.get(key)) return std::move(*known);
  auto verdict = msp->satisfies(identity, principal);
  verdicts_.add(std::move(key), verdict);
  return verdict;
}

Result<void> MspManager::verify(const Identity& identity, std::string_view bytes,
                                std::string_view signature) const {
  const Sha256Digest digest = sha256({bytes});
  const Sha256Digest known_by = signature_digest(identity, digest, signature);
  if (signatures_.contains(known_by)) return {};
  auto verified = identity.verify(bytes, digest, signature);
  if (verified) signatures_.add(known_by);
  return verified;
}

void MspManager::add_own_signature(std::string_view serialized, std::string_view bytes,
                                   std::string_view signature) const {
  const auto identity = deserialize(serialized);
  if (!identity || !(*identity)->validity()) return;
  signatures_.add(signature_digest(**identity, sha256({bytes}), signature));
}

}  // namespace ccbus::security
