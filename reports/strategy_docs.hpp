// docs/strategies.md, made from what the strategies say of themselves.
#pragma once

#include <string>

namespace cacherace::reports {

std::string strategy_docs();

}  // namespace cacherace::reports
