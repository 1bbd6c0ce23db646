// docs/strategies.md, made from what the strategies say of themselves.
#pragma once

#include <string>
#include <string_view>

namespace cacherace::reports {

std::string strategy_docs();

// The rows of its table, with links into `page` (empty: the page itself). The README has them too.
std::string strategy_rows(std::string_view page);

}  // namespace cacherace::reports
