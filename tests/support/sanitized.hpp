// Whether this build has a sanitizer, which makes everything several times slower: what statistics need many
// runs for is then shown by fewer, as memory and races show in few.
#pragma once

namespace cacherace::support {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace cacherace::support
