#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/ledger/policy/channel_trust.h"
#include "service/security/dev/dev_identities.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::gateway {

// The identities that the service signs with: on a channel without a configuration its own one, on
// others those of the organisations that it plays.
//
// Thread: bus thread. What it gives is used on any; it is never taken away.
class ServiceIdentities {
 public:
  using Identity = std::shared_ptr<const security::SigningIdentity>;

  // What the service is for an organisation. An organisation of development has all of them, one
  // that the service endorses for has a peer alone.
  struct Organization {
    Identity peer;
    Identity client;  // Signs the requests of clients that do not sign themselves; may be null.
    Identity admin;   // May be null.
    // Makes clients that stand for keys. Null: an organisation that is not one of development.
    std::shared_ptr<const security::DevIdentities> development = {};
  };

  // `own` outlives it. Of several organisations the one of `own` is preferred.
  explicit ServiceIdentities(const security::SigningIdentity& own) : own_(own) {}

  // Where clients are asked for keys: the organisation of development whose clients stand for them
  // on channels without a configuration. Its MSP id is that of `own`.
  void stand_for_keys(std::shared_ptr<const security::DevIdentities> development) {
    own_development_ = std::move(development);
  }

  // Plays an organisation from now on. One that is played already stays as it is.
  void play(const std::string& msp_id, Organization organization);
  [[nodiscard]] bool plays(const std::string& msp_id) const {
    return organizations_.contains(msp_id);
  }

  // Who creates the transactions of clients that do not sign themselves and have no key. `trust` is
  // the channel's; null: the service itself. Returns null if the service has a client in none of
  // its organisations.
  [[nodiscard]] Identity creator(const ledger::ChannelTrust* trust) const;

  // Who makes the clients that stand for keys, of the organisation of which creator() is one. Null
  // if nobody does.
  [[nodiscard]] std::shared_ptr<const security::DevIdentities> development(
      const ledger::ChannelTrust* trust) const;

  // Who endorses: the peers of these organisations, in the order of the MSP ids, as far as they are
  // the channel's and the service plays them. Empty `wanted`: of all. For a change of the
  // configuration the administrators, too.
  [[nodiscard]] std::vector<Identity> endorsers(const ledger::ChannelTrust& trust,
                                                const std::vector<std::string>& wanted,
                                                bool with_admins) const;

  // The MSP ids of the channel's organisations that the service plays; of a channel without a
  // configuration its own one. Their private data are kept.
  [[nodiscard]] std::vector<std::string> played(const ledger::ChannelTrust* trust) const;

 private:
  // The organisation whose client creates transactions on a channel with a configuration. Null if
  // the service plays no organisation of the channel that has a client.
  [[nodiscard]] const Organization* of_creators(const ledger::ChannelTrust& trust) const;

  const security::SigningIdentity& own_;
  std::shared_ptr<const security::DevIdentities> own_development_;
  std::map<std::string, Organization> organizations_;  // By MSP id.
};

}  // namespace ccbus::gateway
