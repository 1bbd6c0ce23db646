// A witness as a sequence diagram in the language of mermaid, for documents.
#pragma once

#include <string>
#include <string_view>

#include "exploration/reason.hpp"

namespace cacherace::reports {

// `text` as a message, a note or a label of a diagram: what means something there, and a broken line, is
// written as an entity code.
std::string diagram_text(std::string_view text);

// "sequenceDiagram" and its lines; every line ends. The clients that move, the stores, and the queue where
// there is one take part; the step that decides stands on a coloured ground.
std::string sequence_diagram(const models::Setup& setup, bool has_queue, const exploration::Witness& witness,
                             const exploration::Reason& reason);

}  // namespace cacherace::reports
