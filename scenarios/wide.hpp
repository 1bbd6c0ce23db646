// Exact sums: nanoseconds over many runs, and squares of counts, do not fit 64 bits.
#pragma once

namespace cacherace::scenarios {

__extension__ using Wide = unsigned __int128;

}  // namespace cacherace::scenarios
