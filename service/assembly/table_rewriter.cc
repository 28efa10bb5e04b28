#include "service/assembly/table_rewriter.h"

#include <exception>
#include <utility>

#include "service/base/thread_name.h"

namespace ccbus {
namespace {

constexpr std::size_t kTablesBetweenLines = 10;

}  // namespace

TableRewriter::TableRewriter(Logger& logger, Counters& counters)
    : logger_(logger), counters_(counters), thread_([this] { run(); }) {}

TableRewriter::~TableRewriter() {
  stop();
}

void TableRewriter::add(std::weak_ptr<const ledger::ChannelLedger> ledger) {
  {
    const MutexLock lock(mutex_);
    waiting_.push(std::move(ledger));
  }
  arrived_.notify_one();
}

void TableRewriter::stop() {
  {
    const MutexLock lock(mutex_);
    is_ending_ = true;
  }
  stopping_.cancel();
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::unique_ptr<std::weak_ptr<const ledger::ChannelLedger>> TableRewriter::take() {
  const MutexLock lock(mutex_);
  while (!is_ending_ && waiting_.empty()) arrived_.wait(mutex_);
  if (is_ending_) return nullptr;
  auto next = std::make_unique<std::weak_ptr<const ledger::ChannelLedger>>(waiting_.front());
  waiting_.pop();
  return next;
}

void TableRewriter::run() {
  name_this_thread("rewriter");
  try {
    while (const auto next = take()) rewrite(*next);
  } catch (const std::exception& error) {
    logger_.error("ledger.rewrite_ended what={:?}", error.what());
  }
}

// It holds the ledger only for one table at a time, so that its owner can close or replace it.
void TableRewriter::rewrite(const std::weak_ptr<const ledger::ChannelLedger>& waiting) {
  std::string channel;
  std::vector<ledger::OldTable> tables;
  if (const auto ledger = waiting.lock()) {
    auto found = ledger->old_tables();
    channel = ledger->channel().value;
    if (!found) {
      return logger_.warn("ledger.rewrite_failed channel={} reason={:?}", channel,
                          found.error().message);
    }
    tables = std::move(*found);
  }
  if (tables.empty()) return;
  counters_.add(Counter::kOldTablesFound, tables.size());
  logger_.info("ledger.rewrite channel={} tables={} done=0", channel, tables.size());
  for (std::size_t done = 0; done < tables.size();) {
    const auto ledger = waiting.lock();
    if (ledger == nullptr || is_stopping_.is_cancelled()) return;
    if (auto rewritten = ledger->rewrite_old_table(tables[done]); !rewritten) {
      return logger_.warn("ledger.rewrite_failed channel={} reason={:?}", channel,
                          rewritten.error().message);
    }
    ++done;
    counters_.add(Counter::kOldTablesRewritten);
    if (done % kTablesBetweenLines == 0 || done == tables.size()) {
      logger_.info("ledger.rewrite channel={} tables={} done={}", channel, tables.size(), done);
    }
  }
}

}  // namespace ccbus
