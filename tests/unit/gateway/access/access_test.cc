#include "service/gateway/access/access.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/gateway/gateway.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::gateway {
namespace {

using security::AllowedKey;
using security::Permissions;
using security::Right;

AllowedKey key_with(Permissions::Rights rights, std::vector<std::string> channels) {
  AllowedKey key;
  key.name = "app";
  key.permissions.rights = rights;
  key.permissions.channels = std::move(channels);
  return key;
}

Permissions::Rights only(Right right) {
  Permissions::Rights rights;
  rights.set(static_cast<std::size_t>(right));
  return rights;
}

common::Envelope envelope_of(const std::string& channel) {
  common::ChannelHeader header;
  header.set_channel_id(channel);
  common::Payload payload;
  header.SerializeToString(payload.mutable_header()->mutable_channel_header());
  common::Envelope envelope;
  payload.SerializeToString(envelope.mutable_payload());
  return envelope;
}

protos::SignedProposal proposal_of(const std::string& channel, const std::string& chaincode) {
  protos::ChaincodeHeaderExtension extension;
  extension.mutable_chaincode_id()->set_name(chaincode);
  common::ChannelHeader channel_header;
  channel_header.set_channel_id(channel);
  extension.SerializeToString(channel_header.mutable_extension());
  common::Header header;
  channel_header.SerializeToString(header.mutable_channel_header());
  protos::Proposal proposal;
  header.SerializeToString(proposal.mutable_header());
  protos::SignedProposal signed_proposal;
  proposal.SerializeToString(signed_proposal.mutable_proposal_bytes());
  return signed_proposal;
}

// A kind of request, about a channel, and the rights of which one is enough.
struct Kind {
  std::string action;
  std::function<void(ccbus::ClientRequest&, const std::string& channel)> fill;
  std::vector<Right> rights;
};

const std::vector<Kind>& kinds() {
  using Request = ccbus::ClientRequest;
  using Text = std::string;
  static const std::vector<Kind> all = {
      {"evaluate",
       [](Request& request, const Text& channel) {
         request.mutable_evaluate()->mutable_invocation()->set_channel_id(channel);
       },
       {Right::kEvaluate}},
      {"submit",
       [](Request& request, const Text& channel) {
         request.mutable_endorse()->mutable_invocation()->set_channel_id(channel);
       },
       {Right::kSubmit}},
      {"create, reset or configure a channel",
       [](Request& request, const Text& channel) {
         request.mutable_endorse()->mutable_invocation()->set_channel_id(channel);
         request.mutable_endorse()->mutable_invocation()->set_chaincode_name("_channel");
       },
       {Right::kChannels}},
      {"create, reset or configure a channel",
       [](Request& request, const Text& channel) {
         *request.mutable_endorse()->mutable_proposed_transaction() =
             proposal_of(channel, "_channel");
       },
       {Right::kChannels}},
      {"submit",
       [](Request& request, const Text& channel) {
         *request.mutable_endorse()->mutable_proposed_transaction() = proposal_of(channel, "basic");
       },
       {Right::kSubmit}},
      {"submit",
       [](Request& request, const Text& channel) {
         request.mutable_submit()->mutable_invocation()->set_channel_id(channel);
       },
       {Right::kSubmit}},
      {"submit",
       [](Request& request, const Text& channel) {
         *request.mutable_submit()->mutable_prepared_transaction() = envelope_of(channel);
       },
       {Right::kSubmit}},
      {"ask for a commit status",
       [](Request& request, const Text& channel) {
         request.mutable_commit_status()->set_channel_id(channel);
       },
       {Right::kSubmit, Right::kEvents}},
      {"receive events",
       [](Request& request, const Text& channel) {
         request.mutable_chaincode_events()->set_channel_id(channel);
       },
       {Right::kEvents}},
      {"receive events",
       [](Request& request, const Text& channel) {
         request.mutable_block_events()->set_channel_id(channel);
         request.mutable_block_events()->set_filtered(true);
       },
       {Right::kEvents}},
      {"receive blocks",
       [](Request& request, const Text& channel) {
         request.mutable_block_events()->set_channel_id(channel);
       },
       {Right::kRead}},
      {"receive events",
       [](Request& request, const Text& channel) {
         request.mutable_block_events()->set_channel_id(channel);
         request.mutable_block_events()->set_content(ccbus::BlockEventsRequest::FILTERED);
       },
       {Right::kEvents}},
      {"receive blocks",
       [](Request& request, const Text& channel) {
         request.mutable_block_events()->set_channel_id(channel);
         request.mutable_block_events()->set_content(ccbus::BlockEventsRequest::WITH_PRIVATE_DATA);
         request.mutable_block_events()->set_filtered(true);
       },
       {Right::kRead}},
      {"receive blocks",
       [](Request& request, const Text& channel) {
         *request.mutable_block_events()->mutable_signed_request() = envelope_of(channel);
       },
       {Right::kRead}},
      {"define chaincode",
       [](Request& request, const Text& channel) {
         request.mutable_define()->set_channel_id(channel);
       },
       {Right::kDefine}},
      {"read the ledger",
       [](Request& request, const Text& channel) {
         request.mutable_ledger()->set_channel_id(channel);
         request.mutable_ledger()->mutable_definitions();
       },
       {Right::kRead}},
      {"read the ledger",
       [](Request& request, const Text& channel) {
         request.mutable_ledger()->set_channel_id(channel);
         request.mutable_ledger()->mutable_block_by_number();
       },
       {Right::kRead}},
      {"verify",
       [](Request& request, const Text& channel) {
         request.mutable_ledger()->set_channel_id(channel);
         request.mutable_ledger()->mutable_verify();
       },
       {Right::kMaintain}},
      {"see the progress of a verification",
       [](Request& request, const Text& channel) {
         request.mutable_ledger()->set_channel_id(channel);
         request.mutable_ledger()->mutable_progress();
       },
       {Right::kMaintain, Right::kRead}},
      {"create, reset or configure a channel",
       [](Request& request, const Text& channel) {
         request.mutable_channel()->set_channel_id(channel);
         request.mutable_channel()->mutable_create();
       },
       {Right::kChannels}},
      {"create, reset or configure a channel",
       [](Request& request, const Text& channel) {
         request.mutable_channel()->set_channel_id(channel);
         request.mutable_channel()->mutable_reset();
       },
       {Right::kChannels}},
  };
  return all;
}

TEST_CASE("Each kind of request needs one right, and its channel", "[access]") {
  for (const Kind& kind : kinds()) {
    INFO(kind.action);
    ccbus::ClientRequest mine;
    kind.fill(mine, "mine");
    ccbus::ClientRequest others;
    kind.fill(others, "others");
    for (std::size_t i = 0; i < static_cast<std::size_t>(Right::kCount); ++i) {
      const auto right = static_cast<Right>(i);
      INFO(security::to_string(right));
      const AllowedKey key = key_with(only(right), {"mine"});
      const bool is_enough = std::ranges::find(kind.rights, right) != kind.rights.end();
      CHECK(denied(key, mine).has_value() != is_enough);
      const auto refusal = denied(key, others);
      REQUIRE(refusal);
      CHECK(refusal->code() == ccbus::PERMISSION_DENIED);
      CHECK(refusal->message() ==
            "access denied: key [app] may not " + kind.action + " on channel [others]");
    }
    CHECK(denied(AllowedKey(), mine));
    CHECK_FALSE(denied(*security::everybody(), mine));
  }
}

TEST_CASE("qscc reads the ledger", "[access][issue-17][row-340]") {
  ccbus::ClientRequest request;
  SECTION("of a proposal that is signed") {
    *request.mutable_evaluate()->mutable_proposed_transaction() = proposal_of("mine", "qscc");
  }
  SECTION("of an invocation") {
    request.mutable_evaluate()->mutable_invocation()->set_channel_id("mine");
    request.mutable_evaluate()->mutable_invocation()->set_chaincode_name("qscc");
  }
  CHECK_FALSE(denied(key_with(only(Right::kRead), {"mine"}), request));
  REQUIRE(denied(key_with(only(Right::kEvaluate), {"mine"}), request));
  CHECK(denied(key_with(only(Right::kEvaluate), {"mine"}), request)->message() ==
        "access denied: key [app] may not read the ledger on channel [mine]");
}

TEST_CASE("Every kind of request is in the table", "[access]") {
  // Of those that are not about a channel: a status and a cancel, which everybody may ask for, and
  // the keys.
  ccbus::ClientRequest request;
  request.mutable_status();
  CHECK_FALSE(denied(AllowedKey(), request));
  request.mutable_keys();
  CHECK_FALSE(denied(key_with(only(Right::kKeys), {}), request));
  const auto refusal = denied(key_with(~only(Right::kKeys), {"*"}), request);
  REQUIRE(refusal);
  CHECK(refusal->message() == "access denied: key [app] may not see the keys");

  const auto& requests = *ccbus::ClientRequest::descriptor()->FindOneofByName("request");
  for (int i = 0; i < requests.field_count(); ++i) {
    ccbus::ClientRequest any;
    const auto* field = requests.field(i);
    any.GetReflection()->MutableMessage(&any, field);
    INFO(field->name());
    const bool is_free = field->name() == "status" || field->name() == "cancel";
    CHECK(denied(AllowedKey(), any).has_value() == !is_free);
  }
}

TEST_CASE("An envelope that cannot be read is of no channel", "[access]") {
  ccbus::ClientRequest request;
  request.mutable_submit()->mutable_prepared_transaction()->set_payload("\xff\xff");
  CHECK(denied(key_with(only(Right::kSubmit), {"*"}), request));
}

TEST_CASE("The channel of a signed question is the one that was signed", "[access][attacks]") {
  const AllowedKey key = key_with(only(Right::kEvents), {"mine"});
  const auto refused = [&](const auto& question, auto& given) {
    ccbus::ClientRequest request;
    auto& asked = given(request);
    asked.set_channel_id("mine");  // Beside what is signed: it does not count.
    asked.mutable_signed_request()->set_request(question);
    return denied(key, request).has_value();
  };
  const auto status = [](ccbus::ClientRequest & request) -> auto& {
    return *request.mutable_commit_status();
  };
  const auto events = [](ccbus::ClientRequest & request) -> auto& {
    return *request.mutable_chaincode_events();
  };
  for (const auto& [channel, is_refused] : {std::pair("mine", false), std::pair("others", true)}) {
    INFO(channel);
    ::gateway::CommitStatusRequest of_status;
    of_status.set_channel_id(channel);
    CHECK(refused(of_status.SerializeAsString(), status) == is_refused);
    ::gateway::ChaincodeEventsRequest of_events;
    of_events.set_channel_id(channel);
    CHECK(refused(of_events.SerializeAsString(), events) == is_refused);
  }
  CHECK(refused(std::string("\xff"), status));
  CHECK(refused(std::string("\xff"), events));
}

TEST_CASE("The channel of a signed seek is the one that was signed", "[access][attacks]") {
  ccbus::ClientRequest request;
  request.mutable_block_events()->set_channel_id("mine");  // Beside it: it does not count.
  *request.mutable_block_events()->mutable_signed_request() = envelope_of("others");
  CHECK(denied(key_with(only(Right::kRead), {"mine"}), request));
  CHECK_FALSE(denied(key_with(only(Right::kRead), {"others"}), request));
}

// Fills in what a client has signed of a request, if it has a place for that.
void sign(ccbus::ClientRequest& request) {
  const auto of = [](auto& call) {
    *call.mutable_proposed_transaction() =
        proposal_of(call.invocation().channel_id(), call.invocation().chaincode_name());
    call.clear_invocation();
  };
  if (request.has_evaluate()) of(*request.mutable_evaluate());
  if (request.has_endorse() && request.endorse().has_invocation()) of(*request.mutable_endorse());
  if (request.has_submit()) {
    const std::string channel = request.submit().invocation().channel_id();
    if (request.submit().has_invocation()) {
      *request.mutable_submit()->mutable_prepared_transaction() = envelope_of(channel);
    }
    request.mutable_submit()->mutable_prepared_transaction()->set_signature("signature");
  }
  if (request.has_commit_status()) {
    ::gateway::CommitStatusRequest given;
    given.set_channel_id(request.commit_status().channel_id());
    given.SerializeToString(
        request.mutable_commit_status()->mutable_signed_request()->mutable_request());
  }
  if (request.has_chaincode_events()) {
    ::gateway::ChaincodeEventsRequest given;
    given.set_channel_id(request.chaincode_events().channel_id());
    given.SerializeToString(
        request.mutable_chaincode_events()->mutable_signed_request()->mutable_request());
  }
  if (request.has_block_events() && !request.block_events().has_signed_request()) {
    *request.mutable_block_events()->mutable_signed_request() =
        envelope_of(request.block_events().channel_id());
  }
}

bool is_signed(const ccbus::ClientRequest& request) {
  return request.evaluate().has_proposed_transaction() ||
         request.endorse().has_proposed_transaction() ||
         !request.submit().prepared_transaction().signature().empty() ||
         request.commit_status().has_signed_request() ||
         request.chaincode_events().has_signed_request() ||
         request.block_events().has_signed_request();
}

TEST_CASE("A key for signed requests makes no other that acts for somebody",
          "[access][attacks][issue-17][row-339]") {
  AllowedKey key = key_with(Permissions::Rights().set(), {"mine"});
  key.permissions.only_signed = true;
  int with_signature = 0;
  for (const Kind& kind : kinds()) {
    INFO(kind.action);
    ccbus::ClientRequest request;
    kind.fill(request, "mine");
    if (!is_signed(request)) {
      const auto refusal = denied(key, request);
      REQUIRE(refusal);
      CHECK(refusal->code() == ccbus::PERMISSION_DENIED);
      CHECK(refusal->message() == "access denied: key [app] may not " + kind.action +
                                      " on channel [mine] without a client's signature");
    }
    sign(request);
    CHECK(denied(key, request).has_value() != is_signed(request));
    with_signature += is_signed(request) ? 1 : 0;

    ccbus::ClientRequest others;  // A signature gives no right that the key lacks.
    kind.fill(others, "others");
    sign(others);
    REQUIRE(denied(key, others));
    CHECK(denied(key, others)->message() ==
          "access denied: key [app] may not " + kind.action + " on channel [others]");
  }
  CHECK(with_signature == 14);
  ccbus::ClientRequest request;
  request.mutable_keys();
  REQUIRE(denied(key, request));
  CHECK(denied(key, request)->message() ==
        "access denied: key [app] may not see the keys without a client's signature");
  request.mutable_status();
  CHECK_FALSE(denied(key, request));
  request.mutable_cancel();
  CHECK_FALSE(denied(key, request));
}

TEST_CASE("A snapshot is written and read only where its key may", "[access]") {
  AllowedKey key = key_with(Permissions::Rights().set(), {"*"});
  key.permissions.snapshots = {"/var/snapshots"};
  ccbus::ClientRequest write;
  write.mutable_ledger()->set_channel_id("mine");
  ccbus::ClientRequest restore;
  restore.mutable_channel()->set_channel_id("mine");
  for (const auto& [directory, is_allowed] :
       {std::pair("/var/snapshots/a", true), std::pair("/var/snapshots/../a", false),
        std::pair("/etc", false), std::pair("a", false)}) {
    INFO(directory);
    write.mutable_ledger()->mutable_snapshot()->set_directory(directory);
    restore.mutable_channel()->mutable_create()->set_snapshot_directory(directory);
    CHECK(denied(key, write).has_value() != is_allowed);
    CHECK(denied(key, restore).has_value() != is_allowed);
  }
  CHECK(denied(key, restore)->message() ==
        "access denied: key [app] may not create, reset or configure a channel on channel [mine] "
        "with a "
        "snapshot in [a]");
}

TEST_CASE("A status shows a key its channels", "[access]") {
  ccbus::StatusResponse status;
  status.add_channels()->set_channel_id("mine");
  status.add_channels()->set_channel_id("others");
  status.add_chaincodes()->set_name("basic");
  const auto seen = visible_to(key_with(only(Right::kRead), {"mine"}), status);
  REQUIRE(seen.channels_size() == 1);
  CHECK(seen.channels(0).channel_id() == "mine");
  CHECK(seen.chaincodes_size() == 1);
  CHECK(visible_to(AllowedKey(), status).channels_size() == 0);
  CHECK(visible_to(AllowedKey(), status).chaincodes_size() == 0);
  CHECK(visible_to(*security::everybody(), status).channels_size() == 2);
}

}  // namespace
}  // namespace ccbus::gateway
