// The page for a browser that --report asks for.
#pragma once

#include <string>

#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {

// The file that the page will be, for OptionReader::outputs, where its folder is there already. Complains
// about a folder that can be neither used nor made.
OptionText read_report(OptionReader& reader, const OptionText& folder);

// The folder, which is made where it is missing, and the page in it, whole or not at all.
std::optional<FileError> write_page(const std::string& folder, std::string_view page);

// `page()` into the folder. False where it could not be written, which is told.
template <class Page>
bool write_report(const OptionText& folder, const Page& page) {
  if (!folder) return true;
  const auto error = write_page(*folder, page());
  if (error) complain("--report: " + *error);
  return !error;
}

}  // namespace cacherace::tools
