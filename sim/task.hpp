// A callable kept in place: no allocation, and nothing to destroy (so a task may be dropped at any time).
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace cacherace::sim {

template <class Signature, std::size_t Size>
class InplaceTask;

template <class Result, class... Arguments, std::size_t Size>
class InplaceTask<Result(Arguments...), Size> {
 public:
  InplaceTask() = default;

  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, InplaceTask>) explicit InplaceTask(
      Callable callable) {
    static_assert(sizeof(Callable) <= Size, "the task captures too much to be kept in place");
    static_assert(alignof(Callable) <= alignof(std::max_align_t));
    static_assert(std::is_trivially_copyable_v<Callable> && std::is_trivially_destructible_v<Callable>,
                  "a task may be copied and dropped freely: capture plain values and pointers");
    ::new (static_cast<void*>(storage_)) Callable(callable);
    call_ = [](void* storage, Arguments... arguments) -> Result {
      return (*std::launder(reinterpret_cast<Callable*>(storage)))(std::forward<Arguments>(arguments)...);
    };
  }

  Result operator()(Arguments... arguments) { return call_(storage_, std::forward<Arguments>(arguments)...); }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  alignas(std::max_align_t) std::byte storage_[Size] = {};
  Result (*call_)(void*, Arguments...) = nullptr;
};

}  // namespace cacherace::sim
