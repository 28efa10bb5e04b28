#pragma once

#include <optional>

#include "service/ordering/envelope_queue.h"
#include "service/ordering/log/embedded_log.h"
#include "service/ordering/log_feed.h"

namespace ccbus::test {

// A channel's queue, its embedded log and what feeds its committer.
struct EmbeddedFeed {
  explicit EmbeddedFeed(const Limits& limits = {}, LogPosition applied = {})
      : log(applied), queue(limits, log), feed(limits, log, queue, {}, std::nullopt) {}

  ordering::EmbeddedLog log;
  ordering::EnvelopeQueue queue;
  ordering::LogFeed feed;
};

}  // namespace ccbus::test
