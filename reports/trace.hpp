// One execution in the Trace Event Format ("JSON Object Format" of the document "Trace Event Format" by the
// Chromium project), which ui.perfetto.dev and chrome://tracing open: a thread for each client and store,
// operations and commands as slices, what they do at a store as slices without length, and flows between
// both. What goes on by itself is asynchronous: messages, replication, and the windows in which Redis holds
// another version than the primary.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "reports/played.hpp"

namespace cacherace::reports {

// Times are microseconds with the nanoseconds behind the point; of an order without time everything that
// happens takes a millisecond. A newline at its end.
std::string trace_document(const Played& played, const Source& source);

}  // namespace cacherace::reports
