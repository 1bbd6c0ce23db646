// A replayed execution as the documents that `replay --format` prints.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/commands.hpp"
#include "reports/markdown.hpp"
#include "reports/played.hpp"

namespace cacherace::reports {

// Every step with what the stores hold after it, the windows, and each violation with the steps that led to
// it and why. A newline at its end.
std::string replay_document(const Played& played, const Source& source);

// The same as a Markdown document: a sequence diagram of each violation, then the table of steps. Of sections
// that would make it longer than `bytes_most` it says that they are missing.
std::string replay_markdown(const Played& played, std::size_t bytes_most = markdown_bytes_most);

// What led to the worst violation as a sequence diagram in the language of mermaid, with the others named in
// a comment; nothing where nothing is wrong, or why_not_traced() says so.
std::optional<std::string> replay_diagram(const Played& played);

// "stuck, stale read: reader's SET of v0 landed after …": a sentence for each way, the worst first.
std::vector<std::string> reasons_of(const Played& played);

// Why what led to its violations cannot be told; empty: it can.
std::string why_not_traced(const Played& played);

// The JSON Schema of replay_document().
std::string_view replay_schema();

}  // namespace cacherace::reports
