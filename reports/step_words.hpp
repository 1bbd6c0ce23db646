// One record of a run in words.
#pragma once

#include <optional>
#include <string>

#include "models/record.hpp"

namespace cacherace::reports {

// "v1": the version that write 1 made.
std::string version_text(std::uint32_t value);
// "k0".
std::string key_text(models::Key key);

// "SET k0", without what it carries.
std::string command_words(const models::Record& record);

// "GET k0 -> miss"; nothing for a record that a reader does not need. `late`: the record is a fill of a
// version that is no longer the newest.
std::optional<std::string> step_words(const models::Record& record, bool late);

}  // namespace cacherace::reports
