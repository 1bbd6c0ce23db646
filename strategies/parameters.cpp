#include "strategies/parameters.hpp"

#include <algorithm>
#include <cassert>

namespace cacherace::strategies {

bool is_allowed(const ParameterInfo& parameter, std::uint64_t raw) {
  switch (parameter.kind) {
    case ParameterKind::duration:
      return raw <= static_cast<std::uint64_t>(sim::nanos(parameter.longest));
    case ParameterKind::flag:
      return raw <= 1;
    case ParameterKind::count:
      return raw >= 1 && raw <= static_cast<std::uint64_t>(count_max);
    case ParameterKind::choice:
      return raw < parameter.choices.size();
  }
  return false;
}

Parameters::Parameters(const std::vector<ParameterInfo>& declared) : declared_(&declared) {
  values_.reserve(declared.size());
  for (const auto& parameter : declared) values_.push_back(parameter.fallback);
}

std::size_t Parameters::index_of(std::string_view name) const {
  const auto found = std::ranges::find(*declared_, name, &ParameterInfo::name);
  assert(found != declared_->end());
  return static_cast<std::size_t>(found - declared_->begin());
}

std::int64_t Parameters::raw(std::string_view name) const {
  return values_[index_of(name)];
}
void Parameters::set_raw(std::string_view name, std::int64_t value) {
  values_[index_of(name)] = value;
}
sim::Duration Parameters::duration(std::string_view name) const {
  return sim::Duration(raw(name));
}
bool Parameters::flag(std::string_view name) const {
  return raw(name) != 0;
}
std::int64_t Parameters::count(std::string_view name) const {
  return raw(name);
}

std::string_view Parameters::choice(std::string_view name) const {
  return (*declared_)[index_of(name)].choices[static_cast<std::size_t>(raw(name))];
}

}  // namespace cacherace::strategies
