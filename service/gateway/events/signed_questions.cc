#include "service/gateway/events/signed_questions.h"

#include <memory>
#include <utility>

#include "fabric/gateway/gateway.pb.h"
#include "service/base/parse_message.h"
#include "service/base/sha256.h"
#include "service/gateway/access/signed_data.h"
#include "service/gateway/access/time_window.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

// What a request for events starts with, if it is a position that Fabric's gateway takes.
Result<std::optional<std::uint64_t>> start_of(const orderer::SeekPosition& position) {
  using Position = orderer::SeekPosition;
  const auto invalid = [](const char* type) {
    return fail(ErrorCode::kInvalid,
                "invalid start position type: *orderer.SeekPosition_" + std::string(type));
  };
  switch (position.Type_case()) {
    case Position::kSpecified: return position.specified().number();
    case Position::kNewest: return invalid("Newest");
    case Position::kOldest: return invalid("Oldest");
    case Position::kNextCommit:
    case Position::TYPE_NOT_SET: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void SignedQuestions::refuse(PendingRequest pending, ccbus::StatusCode code, std::string_view why) {
  replies_.reply(std::move(pending), make_status(code, std::string(why)));
}

void SignedQuestions::ask(Now now, PendingRequest pending,
                          const ccbus::CommitStatusRequest& request) {
  const auto invalid = [&](std::string_view why) {
    refuse(std::move(pending), ccbus::INVALID_ARGUMENT, why);
  };
  const std::string& bytes = request.signed_request().request();
  if (!request.channel_id().empty() || !request.transaction_id().empty()) {
    return invalid("channel_id and transaction_id stand in the signed request, and not beside it");
  }
  ::gateway::CommitStatusRequest given;
  if (bytes.empty()) return invalid("a commit status request is required");
  if (!parse(given, bytes)) {
    return invalid("invalid status request: not a gateway.CommitStatusRequest (" +
                   std::to_string(bytes.size()) + " bytes)");
  }
  if (given.identity().empty()) return invalid("no identity provided");
  if (given.channel_id().empty()) return invalid("no channel ID provided");
  if (given.transaction_id().empty()) return invalid("transaction ID should not be empty");
  ccbus::CommitStatusRequest question;
  question.set_channel_id(given.channel_id());
  question.set_transaction_id(given.transaction_id());
  question.set_wait_ms(request.wait_ms());
  check(now, std::move(pending), request.signed_request(), given,
        [this, question](Now then, PendingRequest held) {
          statuses_.ask(then, std::move(held), question);
        });
}

void SignedQuestions::ask(Now now, PendingRequest pending,
                          const ccbus::ChaincodeEventsRequest& request) {
  const auto invalid = [&](std::string_view why) {
    refuse(std::move(pending), ccbus::INVALID_ARGUMENT, why);
  };
  const std::string& bytes = request.signed_request().request();
  if (!request.channel_id().empty() || !request.chaincode_name().empty()) {
    return invalid("channel_id and chaincode_name stand in the signed request, and not beside it");
  }
  ::gateway::ChaincodeEventsRequest given;
  if (bytes.empty()) return invalid("a chaincode events request is required");
  if (!parse(given, bytes)) {
    return invalid("invalid chaincode events request: not a gateway.ChaincodeEventsRequest (" +
                   std::to_string(bytes.size()) + " bytes)");
  }
  ccbus::ChaincodeEventsRequest question;
  question.set_channel_id(given.channel_id());
  question.set_chaincode_name(given.chaincode_id());
  question.set_wait_ms(request.wait_ms());
  if (request.has_from()) *question.mutable_from() = request.from();
  check(now, std::move(pending), request.signed_request(), given,
        [this, question, given](Now then, PendingRequest held) {
          begin(then, std::move(held), question, given);
        });
}

template <class Signed, class Given, class Then>
void SignedQuestions::check(Now now, PendingRequest pending, const Signed& signed_request,
                            const Given& given, Then then) {
  const std::string& channel = given.channel_id();
  const auto at = channels_.find(ChannelId{channel});
  if (at == channels_.end()) {
    return refuse(std::move(pending), ccbus::PERMISSION_DENIED,
                  "Failed to get policy manager for channel [" + channel + "]");
  }
  check_of(now, std::move(pending), at,
           {channel, given.identity(), signed_request.request(), signed_request.signature()},
           std::move(then));
}

template <class Then>
void SignedQuestions::check_of(Now now, PendingRequest pending, const Channels::const_iterator& at,
                               Question question, Then then) {
  const std::string& channel = question.channel;
  auto trust = at->second.ledger->trust();
  if (trust == nullptr) {
    return refuse(std::move(pending), ccbus::FAILED_PRECONDITION,
                  "channel " + channel + " has no configuration that says whose signatures count");
  }
  WorkLabel label = pending.label();
  auto job = make_job(
      std::move(pending),
      [asked = std::move(question), trust = std::move(trust), wall = now.wall] {
        return check_policy({asked.bytes, asked.identity, asked.signature}, *trust, wall,
                            asked.channel, ledger::kReadersPolicyPath);
      },
      [this, then](Now later, PendingRequest held, const Result<std::string>& creator) {
        if (!creator) return replies_.reply(std::move(held), make_status(creator.error()));
        if (replies_.is_closed()) return replies_.reply(std::move(held), shutting_down());
        auto share = replies_.share(*creator, Places::Kind::kWaiting);
        if (!share) return replies_.reply(std::move(held), make_status(share.error()));
        held.keep(std::move(*share));
        if (!held.is_over()) return then(later, std::move(held));
        held.forget();
      },
      [this](PendingRequest held, const Error& why) {
        replies_.reply(std::move(held), make_status(why));
      });
  static_cast<void>(background_.submit(std::move(job), std::move(label)));
}

// Who goes on with what was begun in time on the same connection may do so for as long as it likes:
// a stream of blocks lasts longer than the window.
void SignedQuestions::ask(Now now, PendingRequest pending,
                          const ccbus::BlockEventsRequest& request) {
  const auto invalid = [&](std::string_view why) {
    refuse(std::move(pending), ccbus::INVALID_ARGUMENT, why);
  };
  using Request = ccbus::BlockEventsRequest;
  if (!request.channel_id().empty()) {
    return invalid("channel_id stands in the signed request, and not beside it");
  }
  const bool goes_on = request.from_case() != Request::FROM_NOT_SET;
  if (goes_on != (request.until_case() != Request::UNTIL_NOT_SET)) {
    return invalid("block_number and last_block_number go together: both are those of an answer");
  }
  const common::Envelope& envelope = request.signed_request();
  auto seek = read_seek(envelope);
  if (!seek) return replies_.reply(std::move(pending), make_status(seek.error()));
  const bool was_begun = goes_on && open_seeks_.has(pending.client(), sha256({envelope.payload()}));
  if (!was_begun && !is_in_time_window(seek->header.timestamp(), now.wall)) {
    return invalid("invalid seek: the envelope's timestamp is more than " +
                   std::to_string(kTimeWindow.count()) + " minutes from the service's time");
  }
  const std::string& channel = seek->header.channel_id();
  const auto at = channels_.find(ChannelId{channel});
  if (at == channels_.end()) {
    return replies_.reply(std::move(pending), channel_not_found(channel));
  }
  Question question{channel, seek->creator, envelope.payload(), envelope.signature()};
  check_of(now, std::move(pending), at, std::move(question),
           [this, request, seek = std::move(*seek)](Now then, PendingRequest held) {
             begin(then, std::move(held), request, seek);
           });
}

// The positions of an earlier answer come before those that were signed: `newest` is another block
// by now.
void SignedQuestions::begin(Now now, PendingRequest pending, ccbus::BlockEventsRequest request,
                            const Seek& seek) {
  using Request = ccbus::BlockEventsRequest;
  const std::string& channel = seek.header.channel_id();
  const auto at = channels_.find(ChannelId{channel});
  if (at == channels_.end()) {
    return replies_.reply(std::move(pending), channel_begins_anew(channel));
  }
  const std::uint64_t height = at->second.ledger->height();
  if (request.from_case() == Request::FROM_NOT_SET) {
    const auto span = span_of(seek.info, height);
    if (!span) return replies_.reply(std::move(pending), make_status(span.error()));
    request.set_block_number(span->first);
    request.set_last_block_number(span->last);
  }
  const bool is_done = request.block_number() > request.last_block_number();
  if (seek.info.behavior() == orderer::SeekInfo::FAIL_IF_NOT_READY && !is_done &&
      request.block_number() >= height) {
    return refuse(std::move(pending), ccbus::NOT_FOUND,
                  "Block " + std::to_string(request.block_number()) +
                      " not found, block number greater than chain length bounds");
  }
  open_seeks_.add(pending.client(), sha256({request.signed_request().payload()}));
  request.clear_signed_request();
  request.set_channel_id(channel);
  events_.ask(now, std::move(pending), request, seek.creator);
}

// A position of an earlier answer comes first, then the transaction after which to go on, then the
// position that was signed.
void SignedQuestions::begin(Now now, PendingRequest pending, ccbus::ChaincodeEventsRequest request,
                            const ::gateway::ChaincodeEventsRequest& given) {
  const auto start = start_of(given.start_position());
  if (!start) return replies_.reply(std::move(pending), make_status(start.error()));
  if (request.has_from()) return events_.ask(now, std::move(pending), request);
  const std::string& after = given.after_transaction_id();
  if (!after.empty()) {
    const auto at = channels_.find(ChannelId{given.channel_id()});
    if (at == channels_.end()) {
      return replies_.reply(std::move(pending), channel_begins_anew(given.channel_id()));
    }
    const auto found = at->second.ledger->transaction({after});
    if (!found) return replies_.reply(std::move(pending), make_status(found.error()));
    if (!*found) {
      return refuse(
          std::move(pending), ccbus::INVALID_ARGUMENT,
          "channel " + given.channel_id() + " has no transaction " + after + " to go on after");
    }
    request.mutable_from()->set_block_number((*found)->block_num);
    request.mutable_from()->set_after_transaction_id(after);
  } else if (*start) {
    request.mutable_from()->set_block_number(**start);
  }
  events_.ask(now, std::move(pending), request);
}

}  // namespace ccbus::gateway
