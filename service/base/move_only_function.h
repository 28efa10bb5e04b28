#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace ccbus {

template <class Signature>
class MoveOnlyFunction;

// A function object that may own what cannot be copied, which std::function does not allow.
// C++23 has it as std::move_only_function.
template <class Result, class... Arguments>
class MoveOnlyFunction<Result(Arguments...)> {
 public:
  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, MoveOnlyFunction>) MoveOnlyFunction(
      Function&& function)  // NOLINT(google-explicit-constructor): as std::function.
      : target_(std::make_unique<Target<std::remove_cvref_t<Function>>>(
            std::forward<Function>(function))) {}

  Result operator()(Arguments... arguments) {
    return target_->call(std::forward<Arguments>(arguments)...);
  }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual Result call(Arguments... arguments) = 0;
  };

  template <class Function>
  struct Target final : Callable {
    explicit Target(Function function) : function_(std::move(function)) {}
    Result call(Arguments... arguments) override {
      return function_(std::forward<Arguments>(arguments)...);
    }
    Function function_;
  };

  std::unique_ptr<Callable> target_;
};

}  // namespace ccbus
