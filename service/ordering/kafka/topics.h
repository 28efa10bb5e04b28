#pragma once

#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/ordering/kafka/settings.h"

// What is done to topics, beside reading and appending.
//
// Blocks:  on the brokers, for 30 seconds at most.
// Errors:  kUnavailable no broker has answered in time; kDenied; kInvalid a setting; kExists,
//          kNotFound the topic; kPrecondition brokers refuse it for another reason.
namespace ccbus::ordering::kafka {

// Makes the topic with the settings that a log needs: with three copies, or as many as there are
// brokers, which has to be allowed.
[[nodiscard]] Result<void> make_topic(const Settings& settings);

[[nodiscard]] Result<void> delete_topic(const Settings& settings);

// Gives up the records in front of a position.
[[nodiscard]] Result<void> trim_topic(const Settings& settings, LogPosition first);

}  // namespace ccbus::ordering::kafka
