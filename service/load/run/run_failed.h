#pragma once

#include <exception>
#include <utility>

#include "service/base/result.h"

namespace ccbus::load {

// A run cannot begin or cannot continue, and has no result. Thrown within a run only; run_load()
// turns it into an Error.
class RunFailed final : public std::exception {
 public:
  explicit RunFailed(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  const Error error_;
};

}  // namespace ccbus::load
