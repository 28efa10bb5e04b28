// Built without sanitizers, whose instrumentation of a function must not see a switch in the middle
// of it; sanitizer_fiber.h tells them of the switches.
#include "bindings/cpp/src/shim/fiber.h"

#include <cxxabi.h>

#include <boost/context/preallocated.hpp>
#include <boost/context/stack_context.hpp>
#include <cassert>
#include <memory>
#include <utility>

namespace ccbus::shim {
namespace {

// The stack belongs to the fiber's owner, not to Boost.
struct KeptStack {
  boost::context::stack_context allocate() { return {}; }
  void deallocate(boost::context::stack_context&) {}
};

boost::context::preallocated placed_on(const FiberStack& stack) {
  boost::context::stack_context context;
  context.sp = stack.top;
  context.size = stack.bytes();
  return {context.sp, context.size, context};
}

}  // namespace

Fiber::Fiber(const FiberStack& stack, void (*body)(void*), void* argument)
    : stack_(stack),
      body_(body),
      argument_(argument),
      context_(std::allocator_arg, placed_on(stack), KeptStack{},
               [this](boost::context::fiber&& resumer) { return run(std::move(resumer)); }) {}

Fiber::~Fiber() {
  assert(!context_);
}

void Fiber::resume() {
  auto* const current = reinterpret_cast<Exceptions*>(__cxxabiv1::__cxa_get_globals());
  const Exceptions resumers = std::exchange(*current, exceptions_);
  sanitizer_.before_resume(stack_);
  context_ = std::move(context_).resume();
  sanitizer_.after_resume();
  exceptions_ = std::exchange(*current, resumers);
}

void Fiber::suspend() {
  sanitizer_.before_suspend();
  resumer_ = std::move(resumer_).resume();
  sanitizer_.body_resumed();
}

boost::context::fiber Fiber::run(boost::context::fiber&& resumer) {
  resumer_ = std::move(resumer);
  sanitizer_.body_resumed();
  body_(argument_);
  sanitizer_.body_ends();
  return std::move(resumer_);
}

}  // namespace ccbus::shim
