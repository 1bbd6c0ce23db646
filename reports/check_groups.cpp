#include "reports/check_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/check_words.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

std::string folder_of_all(const CheckResult& result) {
  if (result.histories.empty()) return "";
  std::string folder = result.histories.front().file;
  for (const auto& checked : result.histories) {
    const auto differ = std::ranges::mismatch(folder, checked.file);
    folder.erase(differ.in1, folder.end());
  }
  return folder.substr(0, folder.rfind('/') + 1);
}

void add(CheckGroup& group, const CheckedHistory& checked) {
  ++group.histories;
  group.operations += checked.verdict.operations;
  if (!checked.verdict.linearizable) ++group.unknown;
  if (checked.verdict.linearizable == false && ++group.bad == 1 && checked.history.run >= 0) {
    group.first_bad = fmt::format("run {}", checked.history.run);
  }
}

}  // namespace

bool CheckGroups::any_run() const {
  return std::ranges::any_of(groups, [](const CheckGroup& group) { return !group.first_bad.empty(); });
}

CheckGroups groups_of(const CheckResult& result) {
  CheckGroups all{.folder = folder_of_all(result), .groups = {}, .sum = {}};
  std::map<std::string, std::size_t> places;
  for (const auto& checked : result.histories) {
    std::string name = file_words(checked.file.substr(all.folder.size()));
    if (!checked.history.strategy.empty()) name += ", " + printable(checked.history.strategy);
    const auto [place, is_new] = places.try_emplace(name, all.groups.size());
    if (is_new) all.groups.push_back(CheckGroup{.name = name});
    add(all.groups[place->second], checked);
    add(all.sum, checked);
  }
  return all;
}

std::string all_linearizable(const CheckGroup& sum) {
  return fmt::format("{}, {}: all linearizable", counted(sum.histories, "history", "histories"),
                     counted(sum.operations, "operation"));
}

}  // namespace cacherace::reports
