// Counts every allocation of the program. To be included by one source file of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace cacherace::support {

inline std::atomic<std::uint64_t> allocations = 0;

inline void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace cacherace::support

// Not inlined, or GCC sees malloc and delete side by side and warns of a mismatch.

[[gnu::noinline]] void* operator new(std::size_t size) {
  return cacherace::support::counted(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return cacherace::support::counted(size);
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return cacherace::support::counted(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return cacherace::support::counted(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
